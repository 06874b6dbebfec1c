/*
id = "R-INS-1"
title = "Visits at which inspectors spoke with workers"
says = "Inspections by country and quarter, and how many of those that say so had an interview with a worker; what came of the visits."
denominator = "inspections done"
recommendations = ["A1"]
caveats = [
  "A visit that does not say whether a worker was interviewed is in n and in no share.",
  "Whom the inspectors spoke with is not here, and no inspector is told apart.",
]
narrow = ["interviewed", "with_employer", "understood", "no_outcome"]
[by]
jurisdiction = "country of the inspectorate"
quarter = "calendar quarter of the visit, UTC"
visited = "workplace; agency where only an agency is named"
[figures]
stated = "visits that say whether a worker was interviewed"
interviewed = "visits with an interview"
with_employer = "interviews with the employer present: no free word"
understood = "interviews with an interpreter, or in a language that is stated"
clean = "visits that found nothing"
warned = "visits that ended in a warning"
violation = "visits that found a violation"
closed = "visits that closed the place"
no_outcome = "visits that state no outcome"
[rates.share]
of = ["interviewed", "stated"]
says = "interviewed by stated"
*/
SELECT
    country AS jurisdiction, concat(toString(toYear(time)), '-Q', toString(toQuarter(time))) AS quarter, visited,
    count() AS n, count(i.interviewed) AS stated, countIf(ifNull(i.interviewed, false)) AS interviewed,
    countIf(ifNull(i.interviewed, false) AND ifNull(employer_present, false)) AS with_employer,
    countIf(ifNull(i.interviewed, false) AND i.understood) AS understood,
    countIf(outcome = 'clean') AS clean, countIf(outcome = 'warned') AS warned, countIf(outcome = 'violation') AS violation,
    countIf(outcome = 'closed') AS closed, countIf(outcome = '') AS no_outcome, n - stated AS unknown, [jurisdiction] AS places
FROM inspections AS i
WHERE time >= {since:Date32} AND time < {until:Date32} + 1
    AND ({corridor:String} = '' OR has(splitByChar('-', {corridor:String}), country))
GROUP BY jurisdiction, quarter, visited
