CREATE OR REPLACE VIEW licence_watch AS
WITH
    decisions AS
    (
        SELECT
            if(type = 'licensing.employer_blacklisted', JSONExtractString(body, 'employer'), JSONExtractString(body, 'holder')) AS party,
            JSONExtractString(body, 'intelligence') AS intelligence, type, time
        FROM events
        WHERE type IN ('licensing.agency_suspended', 'licensing.agency_cancelled', 'licensing.agency_blacklisted', 'licensing.employer_blacklisted',
            'licensing.agency_registered', 'licensing.agency_renewed', 'licensing.agency_released')
    ),
    sanctions AS
    (
        SELECT party, arraySort(groupArray(time)) AS times
        FROM decisions
        WHERE type NOT IN ('licensing.agency_registered', 'licensing.agency_renewed', 'licensing.agency_released')
        GROUP BY party
    ),
    answers AS
    (
        SELECT intelligence, arraySort(groupArray(time)) AS times
        FROM
        (
            SELECT intelligence, time FROM decisions WHERE intelligence != ''
            UNION ALL SELECT JSONExtractString(body, 'intelligence'), time FROM events WHERE type = 'licensing.intelligence_actioned'
        )
        GROUP BY intelligence
    ),
    begun AS
    (
        SELECT
            'finding' AS kind, concat(jurisdiction, '|', JSONExtractString(body, 'finding')) AS item, '' AS intelligence, min(time) AS began_at,
            argMin(if(JSONExtractString(body, 'agency') != '', JSONExtractString(body, 'agency'), JSONExtractString(body, 'employer')), (time, id)) AS party,
            any(jurisdiction) AS told_in
        FROM events
        WHERE type = 'oversight.finding_recorded'
        GROUP BY item
        UNION ALL
        SELECT
            'intelligence', JSONExtractString(body, 'intelligence') AS item, item, min(time),
            argMinIf(JSONExtractString(body, 'about'), (time, id), JSONExtractString(body, 'about') != ''), argMin(jurisdiction, (time, id))
        FROM events
        WHERE type IN ('licensing.intelligence_received', 'licensing.intelligence_shared')
        GROUP BY item
    )
SELECT
    b.kind AS kind, b.item AS item, b.party AS party, if(b.party = '', b.told_in, splitByChar(':', b.party)[1]) AS country, b.began_at AS began_at,
    arrayFirstOrNull(at -> at >= began_at, if(b.kind = 'finding', s.times, a.times)) AS decided_at
FROM begun AS b
LEFT JOIN sanctions AS s ON b.party = s.party
LEFT JOIN answers AS a ON b.intelligence = a.intelligence
COMMENT 'A finding about an agency or employer, or an item of intelligence, and the first licensing decision after it: a sanction on the party; for intelligence any decision that refers to it.';

CREATE OR REPLACE VIEW shared_intelligence AS
SELECT
    JSONExtractString(body, 'intelligence') AS intelligence, minIf(toNullable(time), type = 'licensing.intelligence_shared') AS shared_at,
    argMinIf(jurisdiction, (time, id), type = 'licensing.intelligence_shared') AS shared_by,
    groupUniqArrayIf(JSONExtractString(body, 'with_jurisdiction'), type = 'licensing.intelligence_shared' AND JSONExtractString(body, 'with_jurisdiction') != '') AS shared_with,
    minIf(toNullable(time), type = 'licensing.intelligence_acknowledged') AS acknowledged_at,
    minIf(toNullable(time), type NOT IN ('licensing.intelligence_received', 'licensing.intelligence_shared', 'licensing.intelligence_acknowledged')) AS decided_at,
    maxIf(JSONExtractString(body, 'grade') != '' AND JSONExtractBool(body, 'heard'), type = 'licensing.intelligence_shared') AS fair
FROM events
WHERE startsWith(type, 'licensing.') AND JSONExtractString(body, 'intelligence') != ''
GROUP BY intelligence
HAVING shared_at IS NOT NULL
COMMENT 'An item of intelligence that was shared: when it was acknowledged, and when a decision first referred to it. fair: it had an evidence grade, and the party was heard.';
