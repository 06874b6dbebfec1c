-- id: T-LIC-03
-- version: 1
-- every: day
-- subject: party
-- publishes: alerts
-- window: all of the past before its end; a new licence is compared with those that ended up to {months} months before it
-- parameter months: UInt32 = 36 (domain.md 4.4)
-- parameter kinds: UInt32 = 2 (domain.md 4.4)
-- parameter common: UInt32 = 10 (a design value)
-- parameter free_mail: Array(String) = see the row (a design value: domains that anyone can have)
-- denominator: two licences whose names are known; without, and where the kinds that are not known could make {kinds}, it is insufficient
-- control: spelling variants of one name are one agency; an attribute of more than {common} holders, and a domain that anyone can
--   have, tell nothing; two values of one kind are one; the licence ended first and was not given back; always "possible"
-- reads: licensing.agency_registered, licensing.agency_renewed, licensing.agency_cancelled, licensing.agency_blacklisted,
--   licensing.agency_released
WITH
    fromUnixTimestamp64Milli({until:Int64}, 'UTC') AS until,
    said AS
    (
        SELECT
            type, {{key holder}} AS party, time, event_id, jurisdiction_of, name, {{name_key name}} AS named,
            toDate32(ifNull(toDate32OrNull(JSONExtractString(body, if(type IN ('licensing.agency_registered', 'licensing.agency_renewed'),
                'valid_from', 'from'))), toDate32(time))) AS day, body
        FROM
        (
            SELECT
                *, JSONExtractString(body, 'holder') AS holder, JSONExtractString(body, 'name') AS name,
                JSONExtractString(body, 'jurisdiction') AS jurisdiction_of
            FROM {{events licensing.agency_registered licensing.agency_renewed licensing.agency_cancelled licensing.agency_blacklisted licensing.agency_released}}
        )
        WHERE time < until
    ),
    attributes AS
    (
        SELECT party, told.1 AS kind, told.2 AS value
        FROM
        (
            SELECT
                party, arrayJoin([
                    ('address', replaceAll(replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(concat(' ',
                        replaceRegexpAll(upperUTF8(JSONExtractString(body, 'address')), '[^\\p{L}\\p{M}\\p{N}]+', ' '), ' '),
                        ' STREET ', ' ST '), ' ROAD ', ' RD '), ' AVENUE ', ' AVE '), ' BUILDING ', ' BLDG '), ' FLOOR ', ' FL '), ' ', '')),
                    ('director', JSONExtractString(body, 'person')),
                    ('telephone', JSONExtractString(body, 'phone')),
                    ('bank account', JSONExtractString(body, 'bank_account')),
                    ('e-mail domain', replaceRegexpOne(lower(trimBoth(JSONExtractString(body, 'email_domain'))), '^(.*@|www[.])', ''))
                ]) AS told
            FROM said
        )
        WHERE value != '' AND NOT (kind = 'e-mail domain' AND value IN {free_mail:Array(String)})
        GROUP BY party, kind, value
    ),
    telling AS
    (
        SELECT kind, value, groupUniqArray(party) AS holders
        FROM attributes
        GROUP BY kind, value
        HAVING length(holders) <= {common:UInt32}
    ),
    kinds_known AS
    (
        SELECT party, groupUniqArray(kind) AS kinds
        FROM attributes
        GROUP BY party
    ),
    granted AS
    (
        SELECT
            party, min(day) AS first_day, argMin(event_id, (day, time, event_id)) AS event, argMin(time, (day, time, event_id)) AS at,
            argMin(jurisdiction_of, (day, time, event_id)) AS jurisdiction, groupUniqArrayIf(named, named != '') AS names
        FROM said
        WHERE type IN ('licensing.agency_registered', 'licensing.agency_renewed')
        GROUP BY party
    ),
    ended AS
    (
        SELECT e.party AS party, e.day AS day, e.time AS at, e.event_id AS event, n.names AS names, n.lifted AS lifted
        FROM
        (
            SELECT * FROM said WHERE type IN ('licensing.agency_cancelled', 'licensing.agency_blacklisted')
        ) AS e
        INNER JOIN
        (
            SELECT party, groupUniqArrayIf(named, named != '') AS names, groupArrayIf(day, type = 'licensing.agency_released') AS lifted
            FROM said
            GROUP BY party
        ) AS n ON e.party = n.party
    ),
    sharing AS
    (
        SELECT one, arrayJoin(holders) AS other, kind
        FROM
        (
            SELECT arrayJoin(holders) AS one, holders, kind FROM telling
        )
        WHERE one != other
    ),
    pairs AS
    (
        SELECT
            g.party AS party, e.party AS before, g.first_day AS granted_on, argMax(e.day, (e.day, e.at)) AS ended_on, argMax(e.event, (e.day, e.at)) AS end_event,
            any(g.event) AS event, any(g.at) AS at, any(g.jurisdiction) AS jurisdiction, any(g.names) AS names, any(e.names) AS names_before,
            arraySort(groupUniqArray(s.kind)) AS kinds
        FROM granted AS g
        INNER JOIN sharing AS s ON g.party = s.one
        INNER JOIN ended AS e ON e.party = s.other
        WHERE (e.day, e.at) < (g.first_day, g.at) AND g.first_day <= addMonths(e.day, {months:UInt32})
            AND NOT arrayExists(l -> l >= e.day AND l <= g.first_day, e.lifted)
        GROUP BY party, before, granted_on
    )
SELECT
    concat('party:', p.party) AS subject, p.before AS issue,
    multiIf(hasAny(p.names, p.names_before), 'clear',
        length(p.kinds) >= {kinds:UInt32} AND notEmpty(p.names) AND notEmpty(p.names_before), 'finding',
        length(p.kinds) + 5 - length(arrayIntersect(k.kinds, o.kinds)) >= {kinds:UInt32}, 'insufficient', 'clear') AS outcome,
    if(outcome = 'finding', 'possible_phoenix', '') AS reason,
    if(outcome = 'finding', concat('A new licence shares ', arrayStringConcat(p.kinds, ', '), ' with one that ended ',
        toString(dateDiff('day', p.ended_on, p.granted_on)), ' days before: possible, not proven.'), '') AS summary,
    if(outcome = 'finding', [concat('kinds=', toString(length(p.kinds))), concat('days=', toString(dateDiff('day', p.ended_on, p.granted_on)))], []) AS figures,
    if(outcome = 'finding', toNullable(toUnixTimestamp64Milli(p.at)), NULL) AS since, if(outcome = 'finding', [p.event, p.end_event], []) AS evidence,
    if(outcome = 'finding', [p.party, p.before], []) AS parties, p.jurisdiction AS authority,
    multiIf(outcome != 'insufficient', '', empty(p.names) OR empty(p.names_before), 'the names of both in the register',
        'other attributes of both in the register') AS missing
FROM pairs AS p
LEFT JOIN kinds_known AS k ON k.party = p.party
LEFT JOIN kinds_known AS o ON o.party = p.before
