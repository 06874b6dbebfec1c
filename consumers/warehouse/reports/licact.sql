/*
id = "R-LICACT"
title = "From finding or intelligence to a licensing decision"
says = """Kaplan-Meier: the share of findings about agencies and employers, and of items of intelligence, that still have no licensing decision after so
many days, by country of the party."""
denominator = "findings, or items of intelligence"
recommendations = ["A11", "B5"]
caveats = [
  "A finding is answered by a suspension, cancellation or blacklisting of the party after it; intelligence by any decision that refers to it.",
  "Those without a decision are followed to the last day asked for. Where none is followed so long, the share is not known.",
  "undecided_low and undecided_high are the 95 % interval (Greenwood, on the log-log scale); there is none where all or none are decided.",
  "A finding without a party is in no curve.",
]
order = "kind, country, days"
[by]
kind = "finding, intelligence"
country = "country whose register holds the party"
days = "days after the finding"
[figures]
decided = "decided by then"
followed = "undecided and followed longer than that"
undecided = "share without a decision"
undecided_low = "95 % interval, from"
undecided_high = "95 % interval, to"
[guards]
followed = "followed"
*/
    WITH
        cohort AS
        (
            SELECT
                kind, country, party != '' AS known, countIf(NOT known) OVER () AS lost, ifNull(decided_at < toDateTime64({until:Date32} + 1, 3, 'UTC'), false) AS event,
                dateDiff('second', began_at, if(event, assumeNotNull(decided_at), toDateTime64({until:Date32} + 1, 3, 'UTC'))) / 86400 AS days
            FROM licence_watch
            WHERE began_at >= {since:Date32} AND began_at < {until:Date32} + 1
                AND ({corridor:String} = '' OR has(splitByChar('-', {corridor:String}), country))
        ),
        moments AS
        (
            SELECT kind, country, days AS at, countIf(event) AS d, count() AS gone, sum(gone) OVER (PARTITION BY kind, country ORDER BY at DESC) AS risk, any(lost) AS not_known
            FROM cohort
            WHERE known
            GROUP BY kind, country, days
        )
    SELECT
        m.kind AS kind, m.country AS country, after AS days, sum(m.gone) AS n, sumIf(m.d, m.at <= after) AS decided, sumIf(m.gone, m.at > after) AS followed,
        minIf(m.risk - m.d, m.at <= after AND m.d > 0) = 0 AND decided > 0 AS ended, followed > 0 OR ended AS known_so_long,
        sumIf(log(greatest(1 - m.d / m.risk, 1e-300)), m.at <= after) AS log_left,
        sumIf(m.d / (m.risk * greatest(m.risk - m.d, 1)), m.at <= after AND m.risk > m.d) AS spread,
        multiIf(ended, 0, known_so_long, exp(log_left), NULL) AS undecided,
        if(known_so_long AND NOT ended AND log_left < 0, pow(undecided, exp(1.959963984540054 * sqrt(spread) / abs(log_left))), NULL) AS undecided_low,
        if(known_so_long AND NOT ended AND log_left < 0, pow(undecided, exp(-1.959963984540054 * sqrt(spread) / abs(log_left))), NULL) AS undecided_high,
        any(m.not_known) AS unknown, [m.country] AS places
    FROM moments AS m
    ARRAY JOIN [7, 30, 60, 90, 180, 365, 730] AS after
    GROUP BY m.kind, m.country, after
