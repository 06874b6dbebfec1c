/*
id = "R-LAG"
title = "How late contracts are recorded, by office"
says = """Days from the day on which a contract was due to its first record: registered at origin, due at departure; authenticated at destination,
due 30 days after arrival. Fewer than none is in time."""
denominator = "contracts whose due day is known"
recommendations = ["A5", "A7"]
caveats = [
  "A record that was corrected later is judged by its first.",
  "A contract that was never recorded has no lag: R-ABSENT counts those.",
]
[by]
office = "office that recorded"
step = "registered at origin, authenticated at destination"
[figures]
late = "recorded after the due day"
p50_days = "days from due to record, median"
p95_days = "days from due to record, 95th percentile"
[rates.share]
of = ["late", "n"]
says = "late by n"
*/
    SELECT
        office, if(type = 'oversight.contract_registered_origin', 'registered at origin', 'authenticated at destination') AS step,
        count(due_at) AS n, countIf(ifNull(first_recorded > due_at, false)) AS late,
        if(n = 0, NULL, round(quantileExactIf(0.5)(ifNull(dateDiff('second', due_at, first_recorded), 0) / 86400, due_at IS NOT NULL), 1)) AS p50_days,
        if(n = 0, NULL, round(quantileExactIf(0.95)(ifNull(dateDiff('second', due_at, first_recorded), 0) / 86400, due_at IS NOT NULL), 1)) AS p95_days,
        count() - n AS unknown, arrayDistinct(arrayConcat([any(jurisdiction)], arrayFilter(c -> c != '??', arrayFlatten(groupUniqArray(splitByChar('-', corridor)))))) AS places
    FROM contract_records
    WHERE time >= {since:Date32} AND time < {until:Date32} + 1 AND ({corridor:String} = '' OR corridor = {corridor:String})
    GROUP BY office, type
