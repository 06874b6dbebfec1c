/*
id = "R-EXPOSE"
title = "To whom alerts about single workers went"
says = "Alerts delivered to each audience in these days, and of those the ones that name a journey: what each audience could read about single workers."
denominator = "alerts delivered"
recommendations = ["A11", "B6"]
caveats = [
  "A journey is a pseudonym: what is delivered has no name and no number of a worker. Pseudonyms are personal data still.",
  "Delivered is no reading: who opened what is in the audience's own system, and who queried ClickHouse in its system.query_log, which is the server's to keep.",
  "recalled: withdrawn or superseded since; the audience was told.",
]
[by]
audience = "who it was delivered to"
[figures]
with_journey = "alerts that name a journey"
journeys = "journeys that they name"
recalled = "alerts taken back since"
last = "day of the latest"
[guards]
journeys = "journeys"
with_journey = "with_journey"
[rates.share]
of = ["with_journey", "n"]
says = "with_journey by n"
*/
    SELECT
        audience, uniqExact(id) AS n, uniqExactIf(id, startsWith(subject, 'journey:')) AS with_journey, uniqExactIf(subject, startsWith(subject, 'journey:')) AS journeys,
        uniqExactIf(id, id IN (SELECT id FROM alerts FINAL WHERE status IN ('withdrawn', 'superseded'))) AS recalled, toString(toDate32(max(changed_at))) AS last,
        0 AS unknown, arrayFilter(p -> match(p, '^[A-Z]{2}$'), splitByChar('-', splitByChar('.', assumeNotNull(toString(audience)))[-1])) AS places
    FROM alert_history FINAL
    WHERE changed_at >= {since:Date32} AND changed_at < {until:Date32} + 1
        AND ({corridor:String} = '' OR endsWith(audience, concat('.', {corridor:String})) OR has(splitByChar('-', {corridor:String}), splitByChar('.', toString(audience))[-1]))
    GROUP BY audience
