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
        by_demand AS
        (
            SELECT country, holder, demand_id, places, approved, requested, most,
                multiIf(places > most, places - most, approved IS NOT NULL, 0, NULL) AS excess
            FROM held
        ),
        by_agency AS
        (
            SELECT
                country, h.holder AS holder, sum(h.places) AS places,
                if(countIf(h.approved IS NULL AND demand_id != '') > 0, NULL, sum(h.approved)) AS approved, sum(h.requested) AS requested,
                if(countIf(h.most IS NULL AND demand_id != '') > 0, NULL, sum(h.most)) AS most,
                multiIf(places > most, places - most, approved IS NOT NULL, 0, NULL) AS excess
            FROM held AS h
            GROUP BY country, holder
        )
    SELECT
        country AS jurisdiction, 'all' AS level, 'all' AS of, sum(a.places) AS n, sum(a.approved) AS approved, sum(a.requested) AS requested,
        sum(a.excess) AS excess, countIf(a.excess IS NULL) AS unknown, [jurisdiction] AS places, jurisdiction AS total_of, '' AS whole, '' AS within
    FROM by_agency AS a
    GROUP BY country
    UNION ALL
    SELECT
        country, 'agency', if(holder = '', 'unknown', holder), places, approved, requested, excess, 0, [country],
        concat(country, '|', holder), country, country
    FROM by_agency
    UNION ALL
    SELECT
        country, 'demand', demand_id, places, approved, requested, excess, 0, [country], '', concat(country, '|', holder), concat(country, '|', holder)
    FROM by_demand
    WHERE demand_id != ''
