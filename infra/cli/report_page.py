"""The page that `fairpassage report oflc` prints: 80 columns, counts and ranks; names only where the figures hold them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

WIDTH = 80
Figures = Mapping[str, Any]
# Why a row's positions are not counted, in the words of oflc_position_bridge.
READINGS = {
    "sub-application": "sub-applications, part of their joint master's",
    "sub-application alone": "sub-applications, no master of their case here",
    "not certified": "not certified",
    "exact copy": "copies of another row",
    "superseded": "a later decision on the case stands",
    "other employer": "other employers of a case that is counted",
}


def page(found: Figures) -> Iterator[str]:
    """The lines of the whole report."""
    yield "US disclosure files, as ClickHouse holds them"
    yield ""
    yield from _imported(found["imported"])
    for part, (title, lines) in _PARTS.items():
        yield f"\n{title}"
        if found[part] is None:
            yield "  No such file was imported: unknown, not none."
        else:
            yield from lines(found)


def _imported(layouts: Sequence[Figures]) -> Iterator[str]:
    yield f"  {'':<14}{'rows':>10}{'cases':>10}{'alike':>8}   dated"
    for each in layouts:
        cases = "" if each["layout"] == "debarments" else _n(each["cases"])
        yield f"  {each['layout']:<14}{_n(each['rows']):>10}{cases:>10}{_n(each['alike']):>8}   {each['first']} to {each['last']}"
    if any(each["alike"] for each in layouts):
        yield from _say("alike: rows that say what another one says in every column that is read. A copied application counts once.")


def _positions(found: Figures) -> Iterator[str]:
    yield f"  {'':<11}{'applications':>20}{'positions, once':>22}{'positions, all rows':>22}"
    yield f"  {'class  year':<11}{'all':>10}{'certified':>10}" + f"{'requested':>11}{'certified':>11}" * 2
    columns = ("requested", "certified", "requested_all_rows", "certified_all_rows")
    for each in found["positions"]:
        applications = f"{_n(each['applications']):>10}{_n(each['certified_applications']):>10}"
        yield f"  {each['visa_class'] or '?':<7}{each['fiscal_year'] or '?':<4}{applications}" + _cells(each, columns, 11)
    for name, rows in groupby(found["bridge"], key=_visa_class):
        yield from _bridge(name, list(rows))
    unknown = {
        "rows": sum(each["unknown"] for each in found["bridge"]),
        "certified": sum(each["certified_unknown"] for each in found["positions"]),
        "requested": sum(each["requested_unknown"] for each in found["positions"]),
    }
    if unknown["rows"] or unknown["requested"]:
        yield ""
        yield from _say(
            "Unknown, and in no sum: positions certified on {rows} rows, {certified} of them counted; positions requested on {requested} "
            "that are counted.", unknown)  # fmt: skip


def _visa_class(reading: Figures) -> str:
    return str(reading["visa_class"])


def _bridge(visa_class: str, readings: Sequence[Figures]) -> Iterator[str]:
    """All rows, what is left out and why, and what remains: they add up."""
    total = {name: sum(each[name] for each in readings) for name in ("rows", "certified")}
    yield f"\n  {visa_class or '?':<6}{'rows':>10}{'certified':>12}"
    yield f"  {'':<6}{_n(total['rows']):>10}{_n(total['certified']):>12}  all rows"
    for each in readings:
        if each["reading"] != "counted":
            total = {name: total[name] - each[name] for name in total}
            why = READINGS.get(each["reading"], each["reading"])
            yield f"  {'':<6}{_n(-each['rows']):>10}{_n(-each['certified']):>12}  {why}"
    yield f"  {'':<6}{_n(total['rows']):>10}{_n(total['certified']):>12}  certified, once"


def _employers(found: Figures) -> Iterator[str]:
    employers, counts, small = found["employers"], ("certified", "requested", "applications"), ("spellings", "names", "states")
    yield f"  {'rank':<5}" + "".join(f"{name:>13}" for name in counts) + "".join(f"{name:>11}" for name in small)
    for each in employers["top"]:
        yield f"  {each['rank']:<5}" + _cells(each, counts, 13) + _cells(each, small, 11)
        if "name" in each:
            yield from _lines(each["name"], "       ")
    held, certified = (sum(each["certified"] for each in rows) for rows in (employers["top"], found["positions"]))
    share = {"many": len(employers["top"]), "share": _percent(held, certified)}
    yield from _say("These {many} hold {share} % of the positions certified.", share)
    yield ""
    yield from _say(
        "{spellings} spellings are {names} names by their letters and digits, and {employers} employers once legal forms and trade names "
        "are dropped.", employers)  # fmt: skip
    yield from _say(
        "Joined: {joined_names} names into {joined} employers. {joined_at_one_address} of these are borne out by a shared address; "
        "{joined_across_states} are in several states without one, and may be several.", employers)  # fmt: skip
    yield from _say(
        "Left apart, and perhaps one: {near_pairs} pairs in one town that differ in two letters at most; at {addresses_with_several} "
        "addresses there are several employers.", employers)  # fmt: skip


def _agents(found: Figures) -> Iterator[str]:
    yield "  " + "".join(f"{title:>14}" for title in ("applications", "no agent", "one", "several"))
    yield "  " + _cells(found["agents"], ("applications", "none", "one", "more"), 14)
    yield from _say(
        "{agents} agents by pseudonym, {of_several_employers} of them for several employers; at most {most_applications} applications, and "
        "{most_certified} positions certified, through one. A pseudonym is made of a name as spelled, so one agent may have several.",
        found["agents"])  # fmt: skip


def _recruiters(found: Figures) -> Iterator[str]:
    told, applications = found["recruiters"], found["recruiters"]["applications"]
    yield from _say(
        "{declarations} declared on {applications} applications. Persons on an application: median {median}, mean {mean}, one in ten {p90} "
        "or more, most {most}.", told)  # fmt: skip
    yield f"  {'organisations named':<22}{'applications':>13}{'%':>8}"
    for name in ("none", "one", "two", "three or more"):
        many = told[f"naming_{name.partition(' ')[0]}"]
        yield f"  {name:<22}{_n(many):>13}{_percent(many, applications):>8}"
    yield from _say(
        "{persons} persons by pseudonym, {under_several_organisations} of them under several organisations; {organisations} organisations "
        "by their letters and digits, the one named most on {share} % of the applications.",
        {**told, "share": _percent(told["most_applications"], applications)})  # fmt: skip


def _debarments(found: Figures) -> Iterator[str]:
    barred = found["debarments"]
    yield from _say("{debarments} debarments of {names} names, {without_end} of them without an end.", barred)
    if barred["matches"] is None:
        yield "  No applications were imported to hold them beside."
        return
    yield f"  {'by name':<16}{'certifications':>15}{'names':>11}{'positions':>11}{'same state':>11}{'programme':>11}"
    for by, label in (("by_decision", "decided inside"), ("by_period", "period overlaps")):
        cells = _cells(barred[by], ("names", "positions", "same_state", "same_programme"), 11)
        yield f"  {label:<16}{_n(barred[by]['certifications']):>15}{cells}"
    more = {"decided": barred["by_decision"]["by_variant"], "overlapping": barred["by_period"]["by_variant"]}
    yield from _say(
        "By a spelling variant alone: {decided} more decided inside, {overlapping} more whose period overlaps. {certifications} "
        "certifications of {names} names match at any time; {decision_unknown} of these give no decision date, {period_unknown} no whole "
        "period. That a name matches is no finding of fact.", {**barred["matches"], **more})  # fmt: skip
    for each in barred.get("listed", ()):
        yield from _listed(each)


def _listed(each: Figures) -> Iterator[str]:
    yield ""
    yield from _lines(each["name"], "  ")
    said = {name: "?" if value is None else value for name, value in each.items()} | {
        "until": each["barred_until"] or "no end",
        "inside": "decided inside" if each["decision"] else "period overlaps",
        "by": "by name" if each["letter_for_letter"] else "by a spelling variant",
        "where": "same" if each["same_state"] else "other",
    }
    yield from _say(
        "{case_number} {visa_class}: decided {decided}, certified for {start} to {end}; barred {barred_since} to {until}: {inside}, {by}, "
        "{where} state", said, "    ")  # fmt: skip


def _work_sites(found: Figures) -> Iterator[str]:
    yield from _say(
        "{rows} on {applications} applications: median {median}, mean {mean}, one in ten {p90} or more, most {most}. {in_several_places} "
        "applications are in several towns or counties, {in_several_states} in several states.", found["work_sites"])  # fmt: skip
    yield from _say(
        "{workers_unknown} sites give no number of workers. Workers move between sites: the others are not added up.",
        found["work_sites"])  # fmt: skip


def _clients(found: Figures) -> Iterator[str]:
    yield from _say("{declared} declared on {applications} applications: {clients} clients.", found["clients"])


_PARTS: dict[str, tuple[str, Callable[[Figures], Iterator[str]]]] = {
    "positions": ("Applications and positions", _positions),
    "employers": ("Employers, spelling variants joined", _employers),
    "agents": ("Agents and attorneys", _agents),
    "recruiters": ("Recruiters", _recruiters),
    "debarments": ("Certifications inside a debarment", _debarments),
    "work_sites": ("Work sites", _work_sites),
    "clients": ("Clients of job contractors", _clients),
}


def shown(name: str) -> str:
    """A name as a terminal may print it: what steers a terminal, or cannot be seen, as a question mark."""
    return "".join(char if char.isprintable() else "?" for char in name)


def _say(template: str, found: Figures | None = None, indent: str = "  ") -> list[str]:
    """A sentence with its figures, within the page's width."""
    told = {name: _n(value) if isinstance(value, int) else value for name, value in (found or {}).items()}
    return _lines(template.format(**told), indent)


def _lines(text: str, indent: str) -> list[str]:
    """Text within the page's width; a word is never cut."""
    wrapper = textwrap.TextWrapper(WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
    return wrapper.wrap(shown(text))


def _cells(found: Figures, names: Sequence[str], width: int) -> str:
    return "".join(f"{_n(found[name]):>{width}}" for name in names)


def _n(number: int) -> str:
    return f"{number:,}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "?"
