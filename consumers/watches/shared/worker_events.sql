(
    SELECT e.*, if(ifNull(p.person, '') = '', '', concat(p.home, '/', p.person)) AS person, ifNull(p.journey, '') AS journey
    FROM {{events $*}} AS e
    LEFT ANY JOIN
    (
        SELECT home, argMax(person, id) AS person, max(id) AS journey, step AS type, event AS event_id, at
        FROM journeys FINAL
        ARRAY JOIN step_type AS step, step_event AS event, step_time AS at
        WHERE status != 'replaced' AND step IN ($types)
        GROUP BY home, step, event, at
    ) AS p ON e.home = p.home AND e.event_id = p.event_id AND e.type = p.type AND e.time = p.at
)
