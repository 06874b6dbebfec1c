"""Codes and check digits by their standards: ISO 3166, 4217, ISCO-08, ISIC rev. 4, ICAO 9303, and the ids of our own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import codes, icao9303

# ICAO 9303 part 4's own specimen, as domain.md 2.2 re-computes it.
SPECIMEN = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
GOOD = {
    codes.country_problem: ["NP", "QA", "HK"],
    codes.source_problem: ["/office/NP/dofe", "/office/QA/doha-2.north_1"],
    codes.party_problem: ["NP:dofe:1234", "NP:person:Hari Bahadur K.C.", "QA:cr:12/5:7", "NP:office:kathmandu"],
    codes.demand_problem: ["NP:dofe:LT-77"],
    codes.corridor_problem: ["NP-QA"],
    codes.sector_problem: ["QA/4100", "QA/97"],
    codes.case_problem: ["NP:9b1c7a40d2e35f6081a4c7b2d9e0f135"],
    codes.audience_problem: ["embassy.NP-QA", "oversight", "labour-inspectorate.QA"],
    codes.isco_problem: ["9", "91", "911", "9111", "5322", "5311", "9313", "7112", "8322", "5414", "9211", "0110"],
    codes.isic_problem: ["78", "7810", "7820", "7830", "9700", "4100", "8010", "8121", "01"],
    codes.language_problem: ["ne", "nep"],
    codes.subject_problem: ["demand:NP:dofe:LT-77", "party:QA:cr:1", "place:NP-QA", "place:QA", "place:QA/9700",
                            "case:NP:9b1c7a40d2e35f6081a4c7b2d9e0f135"],
    codes.action_item_problem: ["A-7", "A-7 | due 2025-03-01", "A-7|due 2024-02-29|dues are published", "A-7 | what is to be done"],
}
BAD = {
    codes.country_problem: ["np", "NPL", "XX", "", "N P"],
    codes.source_problem: ["/office/np/dofe", "/office/NP/Dofe", "/office/XX/dofe", "office/NP/dofe", "/office/NP/", "/office/NP/a/b", ""],
    codes.party_problem: ["dofe:1234", "NP:dofe:", "XX:dofe:1", "NP:DOFE:1", "NP:dofe:a\nb", "NP:dofe:" + "1" * 121],
    codes.demand_problem: ["LT-77", "NP:LT-77"],
    codes.corridor_problem: ["NP-NP", "NP-XX", "NPQA", "NP-QA-SA", "np-qa"],
    codes.sector_problem: ["QA/0400", "XX/4100", "QA4100", "QA/9", "QA/41000"],
    codes.case_problem: ["9b1c7a40d2e35f6081a4c7b2d9e0f135", "XX:9b1c7a40d2e35f6081a4c7b2d9e0f135", "NP:9B1C", "NP:", ""],
    codes.audience_problem: ["embassy", "embassy.NP-NP", "police.QA", ""],
    codes.isco_problem: ["9711", "04", "91111", "", "9x", "\u0669"],
    codes.isic_problem: ["0400", "7", "78100", "3400", "", "\u0669\u0667"],
    codes.language_problem: ["Nepali", "NE", "n", ""],
    codes.subject_problem: ["journey:NP:1", "place:NP-NP", "place:", "party:1", "NP-QA", "case:1", ""],
    codes.action_item_problem: ["", " | due 2025-03-01", "A | due 2025-02-29", "A | due soon", "A | due 2025-03-01 | due 2025-04-01"],
}


@pytest.mark.parametrize(("problem", "value"), [(test, value) for test, values in GOOD.items() for value in values])
def test_a_good_code_is_no_problem(problem: Callable[[str], str], value: str) -> None:
    assert problem(value) == ""


@pytest.mark.parametrize(("problem", "value"), [(test, value) for test, values in BAD.items() for value in values])
def test_a_bad_code_says_what_to_write(problem: Callable[[str], str], value: str) -> None:
    assert problem(value).startswith("write ")


def test_every_test_of_a_meaning_is_tried_both_ways() -> None:
    assert GOOD.keys() == BAD.keys() >= set(codes.MEANINGS.values())


@given(st.sampled_from(sorted(codes.MEANINGS)), st.text(max_size=30))
def test_no_text_breaks_a_test(meaning: str, value: str) -> None:
    assert isinstance(codes.MEANINGS[meaning](value), str)


@pytest.mark.parametrize(("field", "digit"), [("L898902C3", 6), ("740812", 2), ("120415", 9), ("<", 0), ("", 0), ("ZE184226B<<<<<", 1)])
def test_check_digits_are_icaos(field: str, digit: int) -> None:
    assert icao9303.check_digit(field) == digit


def test_the_specimen_is_right_in_any_case_and_its_number_is_read() -> None:
    assert icao9303.passport_problems(SPECIMEN) == icao9303.passport_problems(SPECIMEN.lower()) == []
    assert icao9303.document_number(SPECIMEN) == "L898902C3"
    short = f"P<NPL{'<' * 39}\n{'AB1234<<<'}{icao9303.check_digit('AB1234<<<')}NPL"
    assert icao9303.document_number(short) == "AB1234"


DIGITS = "0123456789"
CHECKED = [*range(10), *range(13, 20), *range(21, 28), *range(28, 44)]


@given(st.sampled_from(CHECKED), st.sampled_from(DIGITS))
def test_one_digit_read_wrong_is_seen(at: int, digit: str) -> None:
    """ICAO's weights find every single digit that was read as another one."""
    name, line = SPECIMEN.split("\n")
    if line[at] in DIGITS and line[at] != digit:
        wrong = f"{name}\n{line[:at]}{digit}{line[at + 1 :]}"
        assert any("check digit" in problem for problem in icao9303.passport_problems(wrong))


@given(st.text(max_size=100) | st.text("<ABC123\n", min_size=85, max_size=95) | st.just("P" * 44 + "\n" + "!" * 44))
def test_no_zone_breaks_the_check(zone: str) -> None:
    assert all(isinstance(problem, str) for problem in icao9303.passport_problems(zone))
