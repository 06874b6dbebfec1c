replaceAll(replaceRegexpOne(replaceRegexpOne(replaceRegexpOne(trimBoth(replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(
    upperUTF8(replaceRegexpAll(normalizeUTF8NFKD($1), '[\\x{0300}-\\x{036F}]', '')), '[.\'’`]', ''), '[&+]', ' AND '),
    '[^\\p{L}\\p{M}\\p{N}]+', ' ')), ' (DBA|D B A|AKA|A K A|FKA|F K A)( .*)?$', ''), '^THE (.)', '\\1'),
    '( (AND|INC|INCORPORATED|CO|COMPANY|CORP|CORPORATION|LTD|LIMITED|LIABILITY|PARTNERSHIP|LLC|L L C|LC|LLP|L L P|LP|PLLC|PC|PA|PVT|P|PRIVATE|PTE|PTY|PLC|WLL|W L L|SDN|BHD|EST|ESTABLISHMENT|FZE|FZC|SPC|SARL|GMBH))+$', ''), ' ', '')
