/*
id = "R-EMB"
title = "Embassies: staff for their nationals, and how soon alerts are taken up"
says = """By embassy: caseworkers per 10,000 nationals as last reported; and of alerts by priority, how many were taken up in time: P1 in 24 hours, P2 in 72,
P3 in 14 days, and how many hours it took."""
denominator = "staff: nationals served; alerts: those addressed to the embassy whose time is over, or that were taken up"
recommendations = ["B6"]
caveats = [
  "No officer is told apart. What an embassy did about an alert (assigned, verified, a measure, closed) stands for an acknowledgement that is missing.",
  "Time begins when the alert was published, and ten working days of P3 are counted as 14 days.",
  "Staff that was not reported is unknown, not none.",
]
order = "corridor, what"
narrow = ["taken_up", "in_time", "caseworkers"]
[by]
corridor = "embassy of the first in the second"
what = "staff; P1, P2, P3: alerts of that priority"
[figures]
caseworkers = "officers who handle cases"
taken_up = "alerts taken up"
in_time = "alerts taken up in time"
median_hours = "hours from publication, median, of those taken up"
[guards]
median_hours = "taken_up"
taken_up = "taken_up"
[rates.per_10000]
of = ["caseworkers", "n"]
says = "caseworkers per 10,000 nationals"
interval = "count"
per = 10000
[rates.share]
of = ["in_time", "n"]
says = "in_time by n"
*/
    WITH
        toDateTime64({until:Date32} + 1, 3, 'UTC') AS now_,
        staffed AS
        (
            SELECT
                JSONExtractString(body, 'corridor') AS corridor, argMax(JSONExtractUInt(body, 'caseworkers'), (time, id)) AS caseworkers,
                argMax(JSONExtract(body, 'nationals', 'Nullable(UInt64)'), (time, id)) AS nationals
            FROM events
            WHERE type = 'oversight.embassy_staffing_reported' AND time < {until:Date32} + 1
            GROUP BY corridor
        ),
        acted AS
        (
            SELECT JSONExtractString(body, 'alert') AS alert, JSONExtractString(body, 'audience') AS audience, min(time) AS at
            FROM events
            WHERE context = 'case' AND type != 'case.alert_published' AND time < {until:Date32} + 1
            GROUP BY alert, audience
        ),
        published AS
        (
            SELECT JSONExtractString(body, 'alert') AS alert, min(time) AS at FROM events WHERE type = 'case.alert_published' GROUP BY alert
        ),
        addressed AS
        (
            SELECT
                replaceOne(a.audience, 'embassy.', '') AS corridor, a.severity AS severity,
                if(p.alert != '', least(p.at, a.raised_at), a.raised_at) AS began_at, if(d.alert != '', toNullable(d.at), NULL) AS done_at,
                began_at + toIntervalHour(transform(severity, ['P1', 'P2'], [24, 72], 336)) AS limit_at, a.status AS status, a.changed_at AS changed_at
            FROM (SELECT * FROM alerts FINAL WHERE startsWith(audience, 'embassy.') AND severity IN ('P1', 'P2', 'P3')) AS a
            LEFT JOIN published AS p ON concat(a.home, ':', a.id) = p.alert
            LEFT JOIN acted AS d ON concat(a.home, ':', a.id) = d.alert AND a.audience = d.audience
            WHERE began_at >= {since:Date32} AND began_at < {until:Date32} + 1
        )
    SELECT
        s.corridor AS corridor, 'staff' AS what, f.nationals AS n, if(f.corridor = '', NULL, toNullable(f.caseworkers)) AS caseworkers,
        CAST(NULL, 'Nullable(UInt64)') AS taken_up, CAST(NULL, 'Nullable(UInt64)') AS in_time, CAST(NULL, 'Nullable(Float64)') AS median_hours,
        0 AS unknown, splitByChar('-', s.corridor) AS places
    FROM
    (
        SELECT corridor FROM staffed
        UNION DISTINCT SELECT corridor FROM addressed
        UNION DISTINCT SELECT {corridor:String} WHERE {corridor:String} != ''
    ) AS s
    LEFT JOIN staffed AS f ON s.corridor = f.corridor
    WHERE {corridor:String} = '' OR s.corridor = {corridor:String}
    UNION ALL
    SELECT
        corridor, toString(a.severity), toNullable(count()), NULL, countIf(done_at IS NOT NULL) AS taken, countIf(ifNull(done_at <= limit_at, false)),
        if(taken = 0, NULL, round(quantileExactInclusiveIf(0.5)(ifNull(dateDiff('second', began_at, done_at), 0) / 3600, done_at IS NOT NULL), 1)),
        0, splitByChar('-', corridor)
    FROM addressed AS a
    WHERE (done_at IS NOT NULL OR (limit_at < now_ AND (status IN ('raised', 'updated') OR changed_at > limit_at)))
        AND ({corridor:String} = '' OR corridor = {corridor:String})
    GROUP BY corridor, a.severity
