/*
id = "R-ABSENT"
title = "Protecting steps that are missing"
says = """By corridor and rule on a missing step: journeys of which it is missing now, beside all that began in these days; by country, demands
without theirs, offices that are silent, parties and places. And of how many the rule could not say, for lack of data."""
denominator = "journeys of the corridor; demands of the country's register; offices that ever published; of parties and places nobody knows how many"
recommendations = ["A7", "B5"]
caveats = [
  "Rows are those of rules with something missing or not known. What is unknown is no compliance.",
  "Missing is as judged last: a step made up late is not missing any more, and stays in alert_changes.",
  "Only journeys are of the days asked for. Demands, offices, parties and places are no people, and none is withheld.",
]
order = "kind, place_of, rule"
few = "if(kind = 'journey', n, 0)"
narrow = ["harm"]
[by]
kind = "journey, demand, office, party, place"
place_of = "corridor, or country"
rule = "rule"
harm = "what it says"
[figures]
missing = "with an open finding"
not_known = "of which the rule could not say"
[rates.share]
of = ["missing", "n"]
says = "missing by n"
*/
    WITH
        steps AS (SELECT id, harm FROM rules FINAL WHERE missing_step),
        begun AS
        (
            SELECT concat(home, '-', if(destination = '', '??', destination)) AS corridor, missing AS open_rules, unknown AS unsure
            FROM journeys FINAL
            WHERE status != 'replaced' AND opened_at >= {since:Date32} AND opened_at < {until:Date32} + 1
        ),
        found AS
        (
            SELECT rule, origin, destination, subject FROM findings_open WHERE rule IN (SELECT id FROM steps)
        )
    SELECT
        'journey' AS kind, b.corridor AS place_of, s.id AS rule, s.harm AS harm, toNullable(count()) AS n, countIf(has(open_rules, s.id)) AS missing,
        countIf(has(unsure, s.id)) AS not_known, not_known AS unknown, arrayFilter(c -> c != '??', splitByChar('-', place_of)) AS places
    FROM begun AS b
    CROSS JOIN steps AS s
    WHERE {corridor:String} = '' OR b.corridor = {corridor:String}
    GROUP BY place_of, s.id, s.harm
    HAVING missing + not_known > 0
    UNION ALL
    SELECT
        'demand', d.country, f.rule, any(s.harm), any(d.many), uniqExact(f.subject), 0, 0, [d.country]
    FROM (SELECT splitByChar(':', demand)[1] AS country, count() AS many FROM demands GROUP BY country) AS d
    INNER JOIN found AS f ON d.country = splitByChar(':', f.subject)[2] AND startsWith(f.subject, 'demand:')
    INNER JOIN steps AS s ON f.rule = s.id
    WHERE {corridor:String} = '' OR d.country = splitByChar('-', {corridor:String})[1]
    GROUP BY d.country, f.rule
    UNION ALL
    SELECT
        'office', o.country, 'T-OFF-01', (SELECT any(harm) FROM steps WHERE id = 'T-OFF-01'), count(), countIf(o.office IN (SELECT office FROM silent_offices)),
        0, 0, [o.country]
    FROM (SELECT DISTINCT jurisdiction AS country, office FROM facts FINAL WHERE erased = 0) AS o
    WHERE {corridor:String} = '' OR has(splitByChar('-', {corridor:String}), o.country)
    GROUP BY o.country
    HAVING countIf(o.office IN (SELECT office FROM silent_offices)) > 0
    UNION ALL
    SELECT
        if(startsWith(f.subject, 'party:'), 'party', 'place'),
        substring(splitByChar(':', f.subject)[2], 1, 2) AS home, f.rule, any(s.harm), NULL, uniqExact(f.subject), 0, 0, [home]
    FROM found AS f
    INNER JOIN steps AS s ON f.rule = s.id
    WHERE match(f.subject, '^(party|place):') AND f.rule != 'T-OFF-01'
        AND ({corridor:String} = '' OR has(splitByChar('-', {corridor:String}), substring(splitByChar(':', f.subject)[2], 1, 2)))
    GROUP BY startsWith(f.subject, 'party:'), home, f.rule
