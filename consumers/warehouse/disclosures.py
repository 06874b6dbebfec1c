"""What ClickHouse holds of the US disclosure files, read from its views: counts, ranks and pseudonyms, and names only when asked for.

A part that was not imported is None: no debarment imported is not the same as none in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from clickhouse_connect.driver.client import Client

Row = dict[str, Any]
VIEWS = (
    "oflc_imported", "oflc_positions", "oflc_position_bridge", "oflc_employers", "oflc_name_checks", "oflc_agents",
    "oflc_agents_by_application", "oflc_debarred_certifications", "oflc_worksites_by_application",
    "oflc_recruiters_by_application", "oflc_debarments", "oflc_clients", "recruiter_links",
)  # fmt: skip
_IMPORTED = "SELECT layout, rows, alike, cases, toDate32(first) AS first, toDate32(last) AS last FROM oflc_imported ORDER BY layout"
_POSITIONS = "SELECT * FROM oflc_positions ORDER BY visa_class, fiscal_year"
_BRIDGE = "SELECT * FROM oflc_position_bridge ORDER BY visa_class, rows DESC, reading"
_TOP = """
SELECT certified, applications, certified_applications, requested, spellings, names, states, as_participant, name
FROM oflc_employers WHERE certified > 0 ORDER BY certified DESC, applications DESC, employer_key LIMIT {top:UInt32}"""
_NAME_CHECKS = "SELECT * FROM oflc_name_checks"
_AGENTS = """
SELECT count() AS agents, countIf(employers > 1) AS of_several_employers, max(applications) AS most_applications,
       max(certified) AS most_certified
FROM oflc_agents"""
_AGENTS_EACH = """
SELECT count() AS applications, countIf(agents = 0) AS none, countIf(agents = 1) AS one, countIf(agents > 1) AS more
FROM oflc_agents_by_application"""
_RECRUITERS = """
SELECT count() AS applications, sum(declarations) AS declarations, quantileExact(0.5)(persons) AS median,
       round(avg(persons), 1) AS mean, quantileExact(0.9)(persons) AS p90, max(persons) AS most,
       countIf(organisations = 0) AS naming_none, countIf(organisations = 1) AS naming_one,
       countIf(organisations = 2) AS naming_two, countIf(organisations > 2) AS naming_three
FROM oflc_recruiters_by_application"""
_PERSONS = """
SELECT count() AS persons, countIf(organisations > 1) AS under_several_organisations
FROM (SELECT uniqExactIf(organisation_key, organisation_key != '') AS organisations
      FROM recruiter_links WHERE layout = 'recruiters' AND person != '' GROUP BY person)"""
_ORGANISATIONS = """
SELECT count() AS organisations, max(cases) AS most_applications
FROM (SELECT uniqExact(case_number) AS cases
      FROM recruiter_links WHERE layout = 'recruiters' AND organisation_key != '' GROUP BY organisation_key)"""
_BARRED = "SELECT count() AS debarments, uniqExact(employer) AS names, countIf(until = '') AS without_end FROM oflc_debarments"
# One query for all of it: each reads every application row, and three took 2.8 times the processor time of one.
_INSIDE = """
countIf({by}_inside) AS by_{by}_certifications, uniqExactIf(employer, {by}_inside) AS by_{by}_names,
ifNull(sumIf(jobs_certified, {by}_inside), 0) AS by_{by}_positions, countIf({by}_inside AND same_state) AS by_{by}_same_state,
countIf({by}_inside AND same_programme) AS by_{by}_same_programme,
countIf({by}_inside AND reading != 'counted') AS by_{by}_as_participant,
countIf(variant_{by}_inside) AS by_{by}_by_variant, uniqExactIf(employer_key, variant_{by}_inside) AS by_{by}_by_variant_names"""
_MATCHES = f"""
SELECT countIf(same_name) AS matches_certifications, uniqExactIf(employer, same_name) AS matches_names,
       countIf(same_name AND decision_unknown) AS matches_decision_unknown,
       countIf(same_name AND period_unknown) AS matches_period_unknown,
       {_INSIDE.format(by="decision")}, {_INSIDE.format(by="period")}
FROM oflc_debarred_certifications"""  # noqa: S608  # constants alone
_PARTS = ("matches", "by_decision", "by_period")
_LISTED = """
SELECT name, case_number, visa_class, decided, start, end, barred_since,
       if(barred_until < '2299-12-31', barred_until, NULL) AS barred_until, jobs_certified AS positions,
       toBool(decision_inside OR variant_decision_inside) AS decision, toBool(decision_inside OR period_inside) AS letter_for_letter,
       toBool(same_state) AS same_state
FROM oflc_debarred_certifications
WHERE decision_inside OR period_inside OR variant_decision_inside OR variant_period_inside
ORDER BY decision DESC, letter_for_letter DESC, name, case_number"""
_SITES = """
SELECT sum(work_sites) AS rows, count() AS applications, quantileExact(0.5)(work_sites) AS median, round(avg(work_sites), 1) AS mean,
       quantileExact(0.9)(work_sites) AS p90, max(work_sites) AS most, countIf(places > 1) AS in_several_places,
       countIf(states > 1) AS in_several_states, sum(workers_unknown) AS workers_unknown
FROM oflc_worksites_by_application"""
_CLIENTS = "SELECT count() AS declared, uniqExact(case_number) AS applications, uniqExact(client) AS clients FROM oflc_clients"


def lacking(client: Client, database: str, views: Iterable[str] = VIEWS) -> list[str]:
    """Which of these views the database does not have. Raises ClickHouseError."""
    found = client.query("SELECT name FROM system.tables WHERE database = {database:String}", {"database": database})
    return sorted(set(views) - {str(name) for (name,) in found.result_rows})


def report(client: Client, top: int, names: bool) -> Row | None:
    """Every figure, as JSON has it; None when nothing of a disclosure file is here. Raises ClickHouseError.

    `top` employers are listed by rank. With `names` they, and the certifications inside a debarment, have their names.
    """
    imported = _rows(client, _IMPORTED)
    there = {each["layout"] for each in imported}
    if not there:
        return None
    applied = "applications" in there
    return {
        "imported": imported,
        "positions": _rows(client, _POSITIONS) if applied else None,
        "bridge": _rows(client, _BRIDGE) if applied else None,
        "employers": _employers(client, top, names) if applied else None,
        "agents": _one(client, _AGENTS_EACH) | _one(client, _AGENTS) if applied else None,
        "recruiters": _one(client, _RECRUITERS) | _one(client, _PERSONS) | _one(client, _ORGANISATIONS) if "recruiters" in there else None,
        "debarments": _debarments(client, applied, names) if "debarments" in there else None,
        "work_sites": _one(client, _SITES) if "worksites" in there else None,
        "clients": _one(client, _CLIENTS) if "clients" in there else None,
    }


def _employers(client: Client, top: int, names: bool) -> Row:
    ranked = [{"rank": rank, **each} for rank, each in enumerate(_rows(client, _TOP, {"top": top}), 1)]
    for each in ranked if not names else ():
        del each["name"]
    return {**_one(client, _NAME_CHECKS), "top": ranked}


def _debarments(client: Client, applied: bool, names: bool) -> Row:
    """Those imported and, where applications are, the certifications inside them."""
    found = _one(client, _BARRED)
    if not applied:
        return {**found, **dict.fromkeys(_PARTS)}
    counted = _one(client, _MATCHES)
    parts = {part: {name.removeprefix(f"{part}_"): value for name, value in counted.items() if name.startswith(part)} for part in _PARTS}
    return {**found, **parts, **({"listed": _rows(client, _LISTED)} if names else {})}


def _one(client: Client, sql: str) -> Row:
    return _rows(client, sql)[0]


def _rows(client: Client, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
    found = client.query(sql, dict(parameters) if parameters else None)
    return [dict(zip(found.column_names, map(_plain, row), strict=True)) for row in found.result_rows]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value
