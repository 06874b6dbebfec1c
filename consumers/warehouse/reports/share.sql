/*
id = "R-SHARE"
title = "Intelligence that is shared, and what comes of it"
says = "Items of intelligence by the country that shared them: acknowledged, in 7 days; decided on, in 60 days from then; shared with a grade and a right of reply."
denominator = "items shared; for those in time, such as were followed so long"
recommendations = ["A11"]
caveats = [
  "Decided: a licensing decision, or another action, that refers to the item. A later step stands for a missing acknowledgement.",
  "Whom the intelligence is about is not here.",
]
order = "country, place"
[by]
country = "country that shared it"
stage = "what came of it"
[figures]
reached = "items that came to it"
median_days = "days, median: from sharing to acknowledgement, from acknowledgement to decision"
timed = "items whose days are known"
[guards]
median_days = "timed"
timed = "timed"
[rates.share]
of = ["reached", "n"]
says = "reached by n"
*/
    WITH
        toDateTime64({until:Date32} + 1, 3, 'UTC') AS now_,
        items AS
        (
            SELECT *, coalesce(acknowledged_at, decided_at) AS answered_at
            FROM shared_intelligence
            WHERE shared_at >= {since:Date32} AND shared_at < {until:Date32} + 1
                AND ({corridor:String} = '' OR has(splitByChar('-', {corridor:String}), shared_by))
        )
    SELECT
        i.shared_by AS country, line.1 AS place, line.2 AS stage, countIf(line.3) AS n, countIf(line.3 AND line.4) AS reached, count(line.5) AS timed,
        if(timed = 0, NULL, round(quantileExactInclusive(0.5)(ifNull(line.5, 0)), 1)) AS median_days, 0 AS unknown,
        arrayDistinct(arrayConcat([country], arrayFlatten(groupUniqArray(i.shared_with)))) AS places
    FROM items AS i
    ARRAY JOIN [
        (1, 'with grade and reply', true, fair > 0, NULL),
        (2, 'acknowledged', true, ifNull(answered_at < now_, false), dateDiff('second', shared_at, acknowledged_at) / 86400),
        (3, 'in 7 days', ifNull(answered_at <= shared_at + toIntervalDay(7), false) OR shared_at + toIntervalDay(7) < now_, ifNull(answered_at <= shared_at + toIntervalDay(7), false), NULL),
        (4, 'decided', true, ifNull(decided_at < now_, false), dateDiff('second', acknowledged_at, decided_at) / 86400),
        (5, 'in 60 days', acknowledged_at IS NOT NULL AND (ifNull(decided_at <= acknowledged_at + toIntervalDay(60), false) OR acknowledged_at + toIntervalDay(60) < now_), ifNull(decided_at <= acknowledged_at + toIntervalDay(60), false), NULL)
    ] AS line
    GROUP BY country, place, stage
