-- id: T-LIC-01
-- version: 1
-- every: day
-- subject: place
-- publishes: figures
-- window: all of the past before its end
-- denominator: certifications whose employer's name is, letter for letter and digit for digit, a debarred entity's
-- control: spelling variants are counted apart; a match of names is no finding of fact, so it is a figure and no alert: the streamed
--   rule alerts where a register's own number says who acted
-- reads: oflc_debarred_certifications
WITH
    toDate32(fromUnixTimestamp64Milli({until:Int64}, 'UTC')) AS until,
    matches AS
    (
        SELECT *
        FROM oflc_debarred_certifications
        WHERE ifNull(decided, start) < until
    )
SELECT
    '' AS subject, 'certified inside a debarment' AS issue, 'clear' AS outcome,
    [concat('names_alike=', toString(countIf(same_name))), concat('by_decision=', toString(countIf(decision_inside))),
        concat('by_decision_names=', toString(uniqExactIf(employer, decision_inside))), concat('by_period=', toString(countIf(period_inside))),
        concat('by_period_names=', toString(uniqExactIf(employer, period_inside))), concat('variants_by_decision=', toString(countIf(variant_decision_inside)))] AS figures
FROM matches
HAVING count() > 0
