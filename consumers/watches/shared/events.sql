(
    SELECT o.*
    FROM
    (
        SELECT * EXCEPT (erased, src_topic, src_log, src_partition, src_offset, stored_at)
        FROM facts FINAL
        WHERE erased = 0 AND type IN ($types)
        ORDER BY id, empty(identifier_kinds), origin = ''
        LIMIT 1 BY id
    ) AS o
    LEFT JOIN corrections AS k ON o.source = k.source AND o.event_id = k.root
    WHERE ((o.corrects = '' AND ifNull(k.winner, '') = '') OR o.id IN (SELECT winner FROM corrections WHERE NOT retracted))
        AND o.time <= o.recorded + INTERVAL 24 HOUR
)
