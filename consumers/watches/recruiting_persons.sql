-- id: T-CHN-04
-- version: 1
-- every: day
-- subject: place
-- publishes: figures
-- window: all of the past before its end
-- denominator: persons whom a declared link names, as pseudonyms
-- control: an organisation is its name in capitals with all but A to Z and 0 to 9 dropped, so that a spelling is no other organisation;
--   alerts on one person are the streamed rule's
-- reads: recruitment.recruiter_declared
WITH
    fromUnixTimestamp64Milli({until:Int64}, 'UTC') AS until,
    tied AS
    (
        SELECT
            JSONExtractString(body, 'person') AS natural_person, JSONExtractString(body, 'organisation') AS organisation,
            trimBoth(JSONExtractString(body, 'organisation_name')) AS spelled, replaceRegexpAll(upper(spelled), '[^A-Z0-9]', '') AS named,
            multiIf(named != '', named, organisation LIKE '__:person:%', '', {{key organisation}}) AS known_as
        FROM {{events recruitment.recruiter_declared}}
        WHERE time < until AND natural_person != ''
    ),
    persons AS
    (
        SELECT natural_person, uniqExactIf(known_as, known_as != '') AS organisations, uniqExactIf(spelled, spelled != '') AS spellings
        FROM tied
        GROUP BY natural_person
    )
SELECT
    '' AS subject, 'persons who recruit' AS issue, 'clear' AS outcome,
    [concat('persons=', toString(count())), concat('under_several_organisations=', toString(countIf(organisations > 1))),
        concat('under_several_as_spelled=', toString(countIf(spellings > 1))), concat('under_three_or_more=', toString(countIf(organisations > 2)))] AS figures
FROM persons
HAVING count() > 0
