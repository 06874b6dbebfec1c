if($1 LIKE '__:person:%' OR $1 = '', $1, concat(substringIndex($1, ':', 2), ':', replaceAll(
    replaceRegexpAll(replaceRegexpAll(trimBoth(replaceRegexpAll(upperUTF8(replaceRegexpAll(normalizeUTF8NFKD(
        substring($1, length(substringIndex($1, ':', 2)) + 2)), '[\\x{0300}-\\x{036F}]', '')), '[^\\p{L}\\p{M}\\p{N}]+', ' ')),
        '([0-9]) ([0-9])', '\\1-\\2'), '([0-9]) ([0-9])', '\\1-\\2'), ' ', '')))
