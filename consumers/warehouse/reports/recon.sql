/*
id = "R-RECON"
title = "Clearances issued against positions approved"
says = """Clearances that take a place, beside the positions that were approved, by demand, by the agency that holds it, and in all of a country.
excess: issued beyond what was approved; where that is unknown, beyond what was requested, for no more can have been approved."""
denominator = "clearances that take a place"
recommendations = ["A7"]
caveats = [
  "Approved are positions certified, else attested; unknown where nobody said, and then a lesser number issued says nothing.",
  "A voided clearance frees its place only when it was voided before the worker left. A worker cleared twice for one demand takes one place.",
  "An agency's demands are added up, with its clearances on none. Of a country, excess is what its agencies issued beyond theirs; none makes up for another.",
  "Days asked for are those of the demands, by their first event; clearances count to the last day.",
]
totals = true
order = "jurisdiction, indexOf(['all', 'agency', 'demand'], level), of"
narrow = ["requested"]
[by]
jurisdiction = "country whose register holds the demand"
level = "all, agency, demand"
of = "the agency or demand"
[figures]
approved = "positions approved"
requested = "positions requested"
excess = "issued beyond approved"
[rates.share]
of = ["excess", "n"]
says = "excess by n"
*/
    WITH
        issued AS
        (
            SELECT demand, if(demand = '', c.agency, '') AS own_agency, any(c.jurisdiction) AS office_country, uniqExact(place) AS places, min(time) AS first_at
            FROM clearances AS c
            WHERE takes_place AND time < {until:Date32} + 1 AND ({corridor:String} = '' OR country IN ('', splitByChar('-', {corridor:String})[2]))
            GROUP BY demand, own_agency
        ),
        held AS
        (
            SELECT
                if(d.demand != '', d.demand, i.demand) AS demand_id, if(d.demand != '', d.agency, i.own_agency) AS holder,
                if(demand_id != '', splitByChar(':', demand_id)[1], i.office_country) AS country, i.places AS places, d.approved AS approved,
                coalesce(d.approved, d.requested) AS most, d.requested AS requested,
                if(d.demand != '', if(i.places > 0, least(d.first_at, i.first_at), d.first_at), i.first_at) AS first_at
            FROM (SELECT * FROM demands WHERE first_at < {until:Date32} + 1 AND ({corridor:String} = '' OR country IN ('', splitByChar('-', {corridor:String})[2]))) AS d
            FULL OUTER JOIN issued AS i ON d.demand = i.demand
            WHERE first_at >= {since:Date32} AND ({corridor:String} = '' OR country = splitByChar('-', {corridor:String})[1])
        ),
        agencies AS
        (
            SELECT
                country, if(h.holder = '', 'unknown', h.holder) AS of, sum(h.places) AS taken,
                if(countIf(h.approved IS NULL AND demand_id != '') > 0, NULL, sum(h.approved)) AS approved_, sum(h.requested) AS requested_,
                if(countIf(h.most IS NULL AND demand_id != '') > 0, NULL, sum(h.most)) AS most_,
                multiIf(taken > most_, toInt64(taken) - most_, approved_ IS NOT NULL, 0, NULL) AS excess_,
                groupArray((
                    'demand', demand_id, h.places, h.approved, h.requested, multiIf(h.places > h.most, toInt64(h.places) - h.most, h.approved IS NOT NULL, 0, NULL),
                    '', concat(h.country, '|', holder), concat(h.country, '|', holder), 0)) AS its_demands
            FROM held AS h
            GROUP BY country, holder
        ),
        countries AS
        (
            SELECT
                country, arrayConcat(
                    [('all', 'all', sum(taken), sum(approved_), sum(requested_), sum(excess_), country, '', '', countIf(excess_ IS NULL))],
                    groupArray(('agency', a.of, taken, approved_, requested_, excess_, concat(country, '|', if(a.of = 'unknown', '', a.of)), country, country, 0)),
                    arrayFlatten(groupArray(arrayFilter(d -> d.2 != '', its_demands)))) AS rows
            FROM agencies AS a
            GROUP BY country
        )
    SELECT
        country AS jurisdiction, line.1 AS level, line.2 AS of, line.3 AS n, line.4 AS approved, line.5 AS requested, line.6 AS excess,
        line.7 AS total_of, line.8 AS whole, line.9 AS within, line.10 AS unknown, [country] AS places
    FROM countries
    ARRAY JOIN rows AS line
