/*
id = "R-DOC"
title = "Visits at which passports were checked"
says = "Inspections of workplaces by country and quarter, and at how many of those that say so it was looked at who holds the passports."
denominator = "inspections of workplaces"
recommendations = ["A3"]
caveats = [
  "A visit that does not say whether passports were checked is in n and in no share.",
  "Who told the inspectors of a passport is not here.",
]
[by]
jurisdiction = "country of the inspectorate"
quarter = "calendar quarter of the visit, UTC"
[figures]
stated = "visits that say whether passports were checked"
checked = "visits with a check"
[rates.share]
of = ["checked", "stated"]
says = "checked by stated"
*/
SELECT
    country AS jurisdiction, concat(toString(toYear(time)), '-Q', toString(toQuarter(time))) AS quarter,
    count() AS n, count(passport_checked) AS stated, countIf(ifNull(passport_checked, false)) AS checked,
    n - stated AS unknown, [jurisdiction] AS places
FROM inspections
WHERE visited = 'workplace' AND time >= {since:Date32} AND time < {until:Date32} + 1
    AND ({corridor:String} = '' OR has(splitByChar('-', {corridor:String}), country))
GROUP BY jurisdiction, quarter
