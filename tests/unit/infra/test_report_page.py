"""The page of `fairpassage report oflc`: within 80 columns, adding up, silent about what is not known."""

from __future__ import annotations

import re
from typing import Any

from infra.cli.report_page import page, shown

_INSIDE = {"certifications": 2, "names": 1, "positions": 8, "same_state": 2, "same_programme": 1, "as_participant": 0, "by_variant": 3,
           "by_variant_names": 1}  # fmt: skip
FIGURES: dict[str, Any] = {
    "imported": [
        {"layout": "applications", "rows": 1_234_567, "alike": 3, "cases": 1_000_000, "first": "2008-10-01", "last": "2024-09-30"},
        {"layout": "debarments", "rows": 141, "alike": 0, "cases": 138, "first": "2011-01-06", "last": "2014-12-10"},
    ],
    "positions": [
        {"visa_class": "H-2A", "fiscal_year": 2012, "rows": 1_234_567, "applications": 1_000_000, "certified_applications": 900_000,
         "requested_all_rows": 12_345_678, "requested": 11_000_000, "requested_unknown": 4, "certified_all_rows": 12_000_000,
         "certified": 10_000_000, "certified_unknown": 2},
        {"visa_class": "", "fiscal_year": None, "rows": 1, "applications": 1, "certified_applications": 0, "requested_all_rows": 1,
         "requested": 1, "requested_unknown": 0, "certified_all_rows": 0, "certified": 0, "certified_unknown": 0},
    ],
    "bridge": [
        {"visa_class": "H-2A", "reading": reading, "rows": rows, "requested": 0, "certified": certified, "unknown": 1}
        for reading, rows, certified in (
            ("counted", 900_000, 10_000_000), ("sub-application", 200_000, 1_500_000), ("sub-application alone", 100_000, 400_000),
            ("superseded", 20_000, 60_000), ("not certified", 14_000, 30_000), ("other employer", 564, 7_000), ("exact copy", 3, 3_000),
        )
    ],
    "employers": {
        "spellings": 1_200_000, "names": 1_100_000, "employers": 1_000_000, "joined": 10_000, "joined_names": 25_000,
        "joined_at_one_address": 9_000, "joined_across_states": 500, "addresses_with_several": 123_456, "near_pairs": 123_456,
        "top": [{"rank": rank, "certified": 1_000_000, "applications": 100_000, "certified_applications": 90_000, "requested": 2_000_000,
                 "spellings": 1_000, "names": 500, "states": 50, "as_participant": 0} for rank in (1, 1_000)],
    },
    "agents": {"applications": 1_000_000, "none": 100_000, "one": 890_000, "more": 10_000, "agents": 50_000, "of_several_employers": 20_000,
               "most_applications": 90_000, "most_certified": 1_000_000},
    "recruiters": {"applications": 8, "declarations": 100, "median": 4, "mean": 10.6, "p90": 34, "most": 50, "naming_none": 1,
                   "naming_one": 5, "naming_two": 2, "naming_three": 0, "persons": 20, "under_several_organisations": 3, "organisations": 9,
                   "most_applications": 2},
    "debarments": {"debarments": 141, "names": 138, "without_end": 1, "by_decision": _INSIDE, "by_period": _INSIDE,
                   "matches": {"certifications": 60, "names": 49, "decision_unknown": 1, "period_unknown": 2}},
    "work_sites": {"rows": 1_000_000, "applications": 100_000, "median": 3, "mean": 10.2, "p90": 19, "most": 1_079,
                   "in_several_places": 4_583, "in_several_states": 1_113, "workers_unknown": 32_610},
    "clients": {"declared": 22, "applications": 22, "clients": 19},
}  # fmt: skip
LISTED = {"name": "Green Farm " * 15, "case_number": "C-11300-00001", "visa_class": "H-2A", "decided": "2011-12-01", "start": None,
          "end": None, "barred_since": "2011-01-10", "barred_until": None, "positions": 8, "decision": 1, "letter_for_letter": 0,
          "same_state": 0}  # fmt: skip


def text(**parts: Any) -> str:
    return "\n".join(page({**FIGURES, **parts}))


def told(**parts: Any) -> str:
    """The page as one line, as a reader takes it."""
    return " ".join(text(**parts).split())


def test_it_fits_a_terminal() -> None:
    named = [{**each, "name": "Green Farm " * 15} for each in FIGURES["employers"]["top"]]
    whole = text(employers={**FIGURES["employers"], "top": named}, debarments={**FIGURES["debarments"], "listed": [LISTED]})
    assert max(map(len, whole.splitlines())) <= 80
    assert "Green Farm" in whole
    assert "Green Farm" not in text()


def test_what_is_left_out_and_what_is_kept_add_up() -> None:
    (lines,) = re.findall(r"rows +certified\n(.*?certified, once)", text(), re.DOTALL)
    numbers = [[int(number.replace(",", "")) for number in re.findall(r"-?\d[\d,]*(?= )", line)] for line in lines.splitlines()]
    assert len(numbers) == 1 + len(FIGURES["bridge"])
    for column in (0, 1):
        assert sum(row[column] for row in numbers[:-1]) == numbers[-1][column] == FIGURES["bridge"][0][("rows", "certified")[column]]


def test_what_was_not_imported_is_unknown_and_no_zero() -> None:
    absent = dict.fromkeys(("positions", "bridge", "employers", "agents", "recruiters", "work_sites", "clients"))
    alone = text(**absent, debarments={**FIGURES["debarments"], "matches": None, "by_decision": None, "by_period": None})
    assert alone.count("unknown, not none") == 6
    assert "No applications were imported" in alone


def test_the_figures_of_a_section() -> None:
    assert "These 2 hold 20.00 % of the positions certified." in told()
    assert "positions certified on 7 rows, 2 of them counted; positions requested on 4" in told()
    assert re.search(r"one +5 +62\.50", text())
    assert re.search(r"decided inside +2 +1 +8 +2 +1", text())
    assert "3 more decided inside, 3 more whose period overlaps" in told()
    assert "no finding of fact" in told()
    listed = told(debarments={**FIGURES["debarments"], "listed": [LISTED]})
    assert (
        "decided 2011-12-01, certified for ? to ?; barred 2011-01-10 to no end: decided inside, by a spelling variant, other state"
        in listed
    )


def test_a_name_cannot_steer_the_terminal() -> None:
    assert shown("Peña [b]\x1b[2J\u202e\n") == "Peña [b]?[2J??"
