CREATE OR REPLACE VIEW corrections AS
WITH
    correcting AS
    (
        SELECT source, event_id, id, corrects, recorded, retracted
        FROM facts FINAL
        WHERE erased = 0 AND corrects != ''
        LIMIT 1 BY id
    ),
    targets AS
    (
        SELECT source, event_id, argMax(corrects, (recorded, id)) AS target
        FROM correcting
        GROUP BY source, event_id
    )
SELECT
    c.source AS source,
    multiIf(ifNull(second.target, '') != '', second.target, ifNull(first.target, '') != '', first.target, c.corrects) AS root,
    argMax(c.id, (c.recorded, c.event_id, c.id)) AS winner,
    argMax(c.retracted, (c.recorded, c.event_id, c.id)) AS retracted,
    count() AS times
FROM correcting AS c
LEFT JOIN targets AS first ON c.source = first.source AND c.corrects = first.event_id
LEFT JOIN targets AS second ON first.source = second.source AND first.target = second.event_id
GROUP BY source, root
COMMENT 'Corrected events (source, root) and the fact that now stands for each; the later record time wins, then the greater id. Chains of up to three corrections are followed.';

CREATE OR REPLACE VIEW events AS
WITH once AS
(
    SELECT *
    FROM facts FINAL
    WHERE erased = 0
    ORDER BY id, origin = ''
    LIMIT 1 BY id, type, context -- id alone would do; a filter on the others is then made before the rows are sorted
)
SELECT o.* EXCEPT (home, erased, src_topic, src_log, src_partition, src_offset, stored_at)
FROM once AS o
LEFT JOIN corrections AS k ON o.source = k.source AND o.event_id = k.root
WHERE (o.corrects = '' AND ifNull(k.winner, '') = '') OR o.id IN (SELECT winner FROM corrections WHERE NOT retracted)
COMMENT 'Every event in force, once, whatever number of homes hold it: without erased, corrected and retracted ones.';

CREATE OR REPLACE VIEW journey_timeline AS
SELECT
    s.journey AS journey, s.place AS place, s.at AS at, 'step' AS kind, s.what AS what, s.event_id AS event_id,
    ifNull(f.office, '') AS office, ifNull(f.evidence, '') AS evidence, ifNull(f.body, '') AS body
FROM
(
    SELECT id AS journey, home, what, toNullable(at) AS at, event_id, place
    FROM journeys FINAL
    ARRAY JOIN step_type AS what, step_time AS at, step_event AS event_id, arrayEnumerate(step_type) AS place
) AS s
LEFT ANY JOIN
(
    SELECT home, event_id, type, office, evidence, body FROM facts FINAL WHERE erased = 0
) AS f ON s.home = f.home AND s.event_id = f.event_id AND s.what = f.type
UNION ALL
SELECT id, length(step_type) + place, NULL, 'missing', rule, '', '', '', ''
FROM journeys FINAL
ARRAY JOIN missing AS rule, arrayEnumerate(missing) AS place
UNION ALL
SELECT id, length(step_type) + length(missing) + place, NULL, 'unknown', rule, '', '', '', ''
FROM journeys FINAL
ARRAY JOIN unknown AS rule, arrayEnumerate(unknown) AS place
COMMENT 'A journey''s steps in order, then what is missing (rules with an open finding) and what is unknown for lack of data. Filter by journey, order by place.';

CREATE OR REPLACE VIEW open_alerts AS
SELECT
    audience, severity, splitByChar('@', rule)[1] AS rule, harm, status, summary, next_step, action, due_at, raised_at, changed_at,
    origin, destination, subject, parties, offices, evidence, indicators, basis, id, run
FROM alerts FINAL
WHERE status IN ('raised', 'updated') AND audience != 'oversight-restricted'
COMMENT 'Alerts that await their audience''s action, as that audience may read them. Restricted ones are in open_alerts_restricted.';

CREATE OR REPLACE VIEW open_alerts_restricted AS
SELECT
    audience, severity, splitByChar('@', rule)[1] AS rule, harm, status, summary, next_step, action, due_at, raised_at, changed_at,
    origin, destination, subject, parties, offices, evidence, indicators, basis, id, run
FROM alerts FINAL
WHERE status IN ('raised', 'updated') AND audience = 'oversight-restricted'
COMMENT 'Open alerts of confidential rules; grant it to those with a right to them alone.';

CREATE OR REPLACE VIEW findings_open AS
SELECT * EXCEPT (audience, src_topic, src_log, src_partition, src_offset, stored_at, rule), splitByChar('@', rule)[1] AS rule
FROM alerts FINAL
WHERE status IN ('raised', 'updated') AND audience != 'oversight-restricted'
ORDER BY id, length(evidence) DESC, audience
LIMIT 1 BY id
COMMENT 'Each open alert once, however many audiences it has: for counting.';

CREATE OR REPLACE VIEW recruiter_links AS
SELECT
    if(demand != '', demand, JSONExtractString(body, 'demand')) AS demand,
    JSONExtractString(body, 'from_party') AS from_party,
    JSONExtractString(body, 'to_party') AS to_party,
    JSONExtractString(body, 'role') AS role,
    JSONExtractString(body, 'person') AS person,
    JSONExtractString(body, 'organisation') AS organisation,
    JSONExtractString(body, 'organisation_name') AS organisation_name,
    replaceRegexpAll(upper(organisation_name), '[^A-Z0-9]', '') AS organisation_key,
    JSONExtractString(body, 'case_number') AS case_number,
    JSONExtractString(body, 'layout') AS layout,
    JSONExtract(body, 'licensed', 'Nullable(Bool)') AS licensed,
    id, event_id, source, time, evidence, origin
FROM events
WHERE type = 'recruitment.recruiter_declared'
COMMENT 'Declared links of recruitment chains, one row a declaration. organisation_key is the name in upper case with all but A to Z and 0 to 9 dropped, so that spellings of one name are one.';

CREATE OR REPLACE VIEW chain_depth AS
WITH RECURSIVE
    edges AS
    (
        SELECT DISTINCT demand, from_party, to_party FROM recruiter_links WHERE demand != ''
    ),
    walk AS
    (
        SELECT demand, to_party AS node, 1 AS depth
        FROM edges
        WHERE from_party = '' OR (demand, from_party) NOT IN (SELECT demand, to_party FROM edges)
        UNION ALL
        SELECT e.demand, e.to_party, w.depth + 1
        FROM edges AS e
        INNER JOIN walk AS w ON e.demand = w.demand AND e.from_party = w.node
        WHERE w.depth < 12 AND w.node != ''
    )
SELECT demand, max(depth) AS depth
FROM walk
GROUP BY demand
COMMENT 'The longest line of declared links of each demand, in links; recruiters that stand side by side make a line of one. At most 12.';

CREATE OR REPLACE VIEW chain_by_demand AS
SELECT
    l.demand AS demand,
    count() AS declarations,
    uniqExact(l.from_party, l.to_party, l.person, l.organisation_key) AS breadth,
    any(ifNull(d.depth, 0)) AS depth,
    uniqExactIf(l.person, l.person != '') AS persons,
    uniqExactIf(l.organisation_key, l.organisation_key != '') AS organisations,
    arrayDistinct(arrayFilter(p -> p != '', arrayFlatten(groupArray([l.from_party, l.to_party, l.organisation])))) AS parties,
    countIf(l.licensed = false) AS declared_unlicensed
FROM recruiter_links AS l
LEFT JOIN chain_depth AS d ON l.demand = d.demand
WHERE l.demand != ''
GROUP BY demand
COMMENT 'The recruitment chain of each demand: breadth (different declared links or recruiters), depth (links in the longest line), recruiting persons (pseudonyms) and organisations.';

CREATE OR REPLACE VIEW assignments AS
WITH
    contracts AS
    (
        SELECT contract, argMax(JSONExtractString(body, 'employer'), (time, id)) AS employer
        FROM events
        WHERE type IN ('recruitment.contract_offered', 'oversight.contract_registered_origin', 'oversight.contract_authenticated_destination', 'oversight.contract_acknowledged_origin', 'deployment.contract_amended') AND contract != '' AND JSONExtractString(body, 'employer') != ''
        GROUP BY contract
    ),
    permits AS
    (
        SELECT DISTINCT JSONExtractString(body, 'from_employer') AS supplier, JSONExtractString(body, 'to_employer') AS user
        FROM events
        WHERE type = 'deployment.secondment_approved'
    )
SELECT
    a.id AS id, a.event_id AS event_id, a.source AS source, a.time AS time, a.contract AS contract, a.demand AS demand,
    if(a.contractor != '', a.contractor, ifNull(c.employer, '')) AS supplier,
    a.user AS user, a.site AS site, a.country AS country, a.workers AS workers, a.declared_client AS declared_client,
    supplier != '' AND user != '' AND supplier != user AS elsewhere,
    elsewhere AND ((supplier, user) IN permits OR (supplier, '') IN permits) AS permitted
FROM
(
    SELECT
        id, event_id, source, time, contract, if(demand != '', demand, JSONExtractString(body, 'demand')) AS demand,
        JSONExtractString(body, 'contractor') AS contractor, JSONExtractString(body, 'employer') AS user,
        JSONExtractString(body, 'site') AS site, JSONExtractString(body, 'country') AS country,
        JSONExtract(body, 'workers', 'Nullable(Int64)') AS workers, JSONExtractBool(body, 'declared_client') AS declared_client
    FROM events
    WHERE type = 'deployment.worksite_assigned'
) AS a
LEFT JOIN contracts AS c ON a.contract = c.contract
COMMENT 'Assignments to work sites: supplier is the contractor, else the contract''s employer; user is who directs the work. elsewhere: they differ. permitted: a secondment of this supplier to this user, or to anyone, is known at any time; the dated question is the rule''s.';

CREATE OR REPLACE VIEW outsourcing_by_employer AS
SELECT
    supplier AS employer, count() AS assignments, countIf(elsewhere) AS outsourced, countIf(elsewhere AND permitted) AS with_permit,
    countIf(elsewhere AND NOT permitted) AS without_permit, uniqExactIf(user, elsewhere) AS user_enterprises,
    uniqExactIf(site, site != '') AS sites, countIf(user = '') AS user_unknown,
    round(100 * countIf(elsewhere) / count(), 2) AS outsourced_percent
FROM assignments
WHERE supplier != ''
GROUP BY employer
COMMENT 'How much of each employer''s work is directed by somebody else, with and without a known permit. Outsourcing is lawful where permitted.';

CREATE OR REPLACE VIEW office_activity AS
SELECT
    office, any(jurisdiction) AS jurisdiction, context, uniqExact(id) AS events, uniqExactIf(id, corrects != '') AS corrections,
    min(time) AS first_time, max(recorded) AS last_recorded,
    round(quantileExact(0.5)(dateDiff('second', time, recorded)) / 3600, 1) AS median_delay_hours,
    dateDiff('hour', max(recorded), now64(3)) AS silent_hours
FROM facts FINAL
WHERE erased = 0
GROUP BY office, context
COMMENT 'What each office published, by topic, how late after the fact, and how long it has been silent. Silence is no compliance.';

CREATE OR REPLACE VIEW dead_letters_by_reason AS
SELECT
    if(origin_topic != '', origin_topic, topic) AS source_topic, reason, uniqExact(src_topic, src_log, src_partition, src_offset) AS letters,
    min(at) AS first, max(at) AS last
FROM dead_letters FINAL
GROUP BY source_topic, reason
COMMENT 'Rejected records by where they stood and why.';
