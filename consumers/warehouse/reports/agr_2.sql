/*
id = "R-AGR-2"
title = "Employers' and workers' bodies that talk across borders"
says = "Dialogues on ethical recruitment between employers' bodies (E-E) and between workers' bodies (W-W) of origin and destination, by corridor: how many, how recent."
denominator = "dialogues held"
recommendations = ["B12"]
caveats = ["A corridor without a dialogue on record is not known to have none.", "Overdue: none in the 365 days to the last day asked for."]
public = true
[by]
corridor = "origin and destination; all where the dialogue names none"
kind = "E-E, W-W"
[figures]
last = "day of the latest"
days_since = "days from it to the last day asked for"
overdue = "whether that is more than 365 days; yes where none is known"
*/
    WITH
        held AS
        (
            SELECT if(JSONExtractString(body, 'corridor') = '', 'all', JSONExtractString(body, 'corridor')) AS corridor, JSONExtractString(body, 'kind') AS kind, time
            FROM events
            WHERE type = 'oversight.dialogue_held' AND kind != 'regional' AND time >= {since:Date32} AND time < {until:Date32} + 1
        ),
        corridors AS
        (
            SELECT corridor FROM held
            UNION DISTINCT SELECT corridor FROM journey_outlines WHERE destination != ''
            UNION DISTINCT SELECT {corridor:String} WHERE {corridor:String} != ''
        )
    SELECT
        c.corridor AS corridor, c.kind AS kind, count(h.time) AS n, if(n = 0, NULL, toString(toDate32(max(h.time)))) AS last,
        if(n = 0, NULL, dateDiff('day', toDate32(max(h.time)), {until:Date32})) AS days_since, if(ifNull(days_since <= 365, false), 'no', 'yes') AS overdue,
        0 AS unknown, arrayFilter(p -> length(p) = 2, splitByChar('-', c.corridor)) AS places
    FROM (SELECT corridor, arrayJoin(['E-E', 'W-W']) AS kind FROM corridors) AS c
    LEFT JOIN (SELECT corridor, kind, toNullable(time) AS time FROM held) AS h ON c.corridor = h.corridor AND c.kind = h.kind
    WHERE {corridor:String} = '' OR c.corridor = {corridor:String}
    GROUP BY corridor, kind
