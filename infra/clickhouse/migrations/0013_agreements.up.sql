CREATE OR REPLACE VIEW agreements AS
SELECT
    s.corridor AS corridor, s.agreement AS agreement, s.kind AS kind, s.valid_from AS valid_from,
    if(e.agreement != '', if(s.valid_until IS NULL, e.last_day, least(s.valid_until, e.last_day)), s.valid_until) AS valid_until, s.id AS id
FROM
(
    SELECT
        JSONExtractString(body, 'corridor') AS corridor, JSONExtractString(body, 'agreement') AS agreement,
        multiIf(
            type = 'oversight.union_agreement_signed', 'TU', type = 'oversight.bla_signed' OR JSONExtractString(body, 'parties_kind') = 'G-G', 'BLA',
            'MOU') AS kind,
        ifNull(toDate32OrNull(JSONExtractString(body, 'valid_from')), toDate32(time)) AS valid_from,
        toDate32OrNull(JSONExtractString(body, 'valid_until')) AS valid_until, id
    FROM events
    WHERE type IN ('oversight.bla_signed', 'oversight.mou_signed', 'oversight.union_agreement_signed')
) AS s
LEFT JOIN
(
    SELECT
        JSONExtractString(body, 'corridor') AS corridor, JSONExtractString(body, 'agreement') AS agreement,
        min(ifNull(toDate32OrNull(JSONExtractString(body, 'from')), toDate32(time))) - 1 AS last_day
    FROM events
    WHERE type = 'oversight.bla_expired'
    GROUP BY corridor, agreement
) AS e ON s.corridor = e.corridor AND s.agreement = e.agreement AND s.valid_from <= e.last_day
COMMENT 'An agreement over a corridor and its first and last day: BLA between governments, a memorandum between them included; MOU with employers; TU between unions.';

CREATE OR REPLACE VIEW reported_stock AS
SELECT
    splitByChar('/', JSONExtractString(body, 'sector'))[1] AS country, splitByChar('/', JSONExtractString(body, 'sector'))[2] AS isic,
    if(startsWith(isic, '97'), '9700', substring(isic, 1, 2)) AS sector, time, JSONExtractUInt(body, 'workers') AS workers, id
FROM events
WHERE type = 'oversight.stock_reported'
COMMENT 'Migrant workers of a sector, as an office reported them.';
