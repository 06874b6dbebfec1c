if($1 LIKE '__:person:%' OR $1 = '', $1, concat(substringIndex($1, ':', 2), ':', ifNull(nullIf(replaceAll(
    replaceRegexpAll(replaceRegexpAll(trimBoth(replaceRegexpAll(translateUTF8(upperUTF8(replaceAll(replaceRegexpAll(normalizeUTF8NFKD(
        substring($1, length(substringIndex($1, ':', 2)) + 2)), '[\\x{0300}-\\x{036F}]', ''), 'ß', 'SS')),
        '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯', '0123456789012345678901234567890123456789'), '[^\\p{L}\\p{M}\\p{N}]+', ' ')),
        '([0-9]) ([0-9])', '\\1-\\2'), '([0-9]) ([0-9])', '\\1-\\2'), ' ', ''), ''), substring($1, length(substringIndex($1, ':', 2)) + 2))))
