/*
id = "R-REG-1"
title = "Regional dialogue: how often, what is open"
says = "Sessions of the regional dialogue, the days between them, and the commitments that are open."
denominator = "sessions held"
recommendations = ["A10"]
caveats = [
  "Open commitments are those that the latest session names; what an earlier one named and no later one does is counted apart, for nobody said that it was kept.",
  "Overdue: no session in the 365 days to the last day asked for.",
]
public = true
[by]
dialogue = "regional; or the corridor that it is about"
[figures]
last = "day of the latest session"
days_since = "days from it to the last day asked for"
longest_gap = "most days between two sessions"
overdue = "whether the latest is more than 365 days ago; yes where none is known"
open_commitments = "named by the latest session"
not_named_again = "named before, and not by the latest session"
*/
    WITH held AS
    (
        SELECT
            if(JSONExtractString(body, 'corridor') = '', 'regional', JSONExtractString(body, 'corridor')) AS dialogue, time, id,
            JSONExtract(body, 'commitments', 'Array(String)') AS commitments
        FROM events
        WHERE type = 'oversight.dialogue_held' AND JSONExtractString(body, 'kind') = 'regional' AND time >= {since:Date32} AND time < {until:Date32} + 1
            AND ({corridor:String} = '' OR JSONExtractString(body, 'corridor') IN ('', {corridor:String}))
    )
    SELECT
        dialogue, count() AS n, toNullable(toString(toDate32(max(time)))) AS last, toNullable(dateDiff('day', toDate32(max(time)), {until:Date32})) AS days_since,
        if(n < 2, NULL, arrayMax(arrayPopFront(arrayDifference(arraySort(groupArray(toUnixTimestamp(time)))))) DIV 86400) AS longest_gap,
        if(days_since <= 365, 'no', 'yes') AS overdue, argMax(commitments, (time, id)) AS latest, toNullable(length(arrayDistinct(latest))) AS open_commitments,
        toNullable(length(arrayFilter(each -> NOT has(latest, each), arrayDistinct(arrayFlatten(groupArray(commitments)))))) AS not_named_again,
        0 AS unknown, arrayFilter(p -> length(p) = 2, splitByChar('-', dialogue)) AS places
    FROM held
    GROUP BY dialogue
    UNION ALL
    SELECT 'regional', 0, NULL, NULL, NULL, 'yes', [], NULL, NULL, 0, [] WHERE (SELECT count() FROM held) = 0
