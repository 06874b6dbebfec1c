"""Findings against truth: what is missed lowers recall, what nobody planted lowers precision."""

from __future__ import annotations

from streams.publishers.identity import person_id
from streams.publishers.simulator.score import Open, published, score
from streams.publishers.simulator.truth import Migration, Opening, Planted, decode, encode

KEY = b"k" * 32
OPENING = Opening("/office/NP/dofe", "ev-1")


def planted(rule: str = "T-CON-01", *, expected: bool = True, subject: str = "journey", issue: str = "*") -> Planted:
    return Planted(
        rule=rule, variant="v", expected=expected, look_alike=not expected, subject=subject, issue=issue, as_of="2025-01-01T00:00:00Z",
        origin="NP", opening=OPENING if subject == "journey" else None,
    )  # fmt: skip


def named(origin: str, opening: Opening) -> str:
    return f"journey:{origin}:{opening.id}"


def test_a_finding_that_was_planted_is_found() -> None:
    result = score([("T-CON-01", "journey:NP:ev-1", "")], [planted(), planted(expected=False)], named)["T-CON-01"]
    assert (result.planted, result.found, result.wrong, result.look_alikes) == (1, 1, 0, 1)
    assert result.recall == result.precision == 1.0


def test_an_alert_that_nobody_planted_is_wrong() -> None:
    result = score([("T-CON-02", "journey:NP:ev-1", "")], [planted()], named)
    assert result["T-CON-01"].recall == 0.0
    assert result["T-CON-01"].missed == (planted(),)
    assert result["T-CON-02"].wrong == 1
    assert result["T-CON-02"].precision == 0.0


def test_a_look_alike_that_alerts_is_wrong() -> None:
    assert score([("T-CON-01", "journey:NP:ev-1", "")], [planted(expected=False)], named)["T-CON-01"].wrong == 1


def test_an_issue_must_be_the_one_that_was_planted() -> None:
    found: list[Open] = [("T-CON-04", "journey:NP:ev-1", "origin")]
    assert score(found, [planted("T-CON-04", issue="destination")], named)["T-CON-04"].found == 0
    assert score(found, [planted("T-CON-04", issue="origin")], named)["T-CON-04"].found == 1


def test_the_beginning_of_an_issue_and_a_star_stand_for_each_end_of_it() -> None:
    found: list[Open] = [("T-CON-06", "party:QA:cr:1", "NP 1a"), ("T-CON-06", "party:QA:cr:1", "BD 1a")]
    lines = [planted("T-CON-06", subject="party:QA:cr:1", issue=f"{origin} *") for origin in ("NP", "IN")]
    result = score(found, lines, named)["T-CON-06"]
    assert (result.found, result.wrong) == (1, 1)
    assert result.surplus == (("T-CON-06", "party:QA:cr:1", "BD 1a"),)


def test_one_planted_abuse_explains_one_finding() -> None:
    found: list[Open] = [("T-DQ-01", "journey:NP:ev-1", "a"), ("T-DQ-01", "journey:NP:ev-1", "b")]
    result = score(found, [planted("T-DQ-01")], named)["T-DQ-01"]
    assert (result.found, result.wrong) == (1, 1)


def test_natural_persons_are_compared_as_publish_names_them() -> None:
    raw = "party:NP:person:GITA RAI 12345678"
    public = f"party:{person_id('NP', 'GITA RAI 12345678', KEY)}"
    assert published(raw, KEY) == public
    assert published(public, KEY) == public
    assert published("demand:NP:dofe:LT-7", KEY) == "demand:NP:dofe:LT-7"
    result = score([("T-CHN-04", public, "")], [planted("T-CHN-04", subject=raw)], named, lambda text: published(text, KEY))
    assert result["T-CHN-04"].found == 1


def test_truth_is_read_back_as_it_was_written() -> None:
    lived = Migration(worker="w1/1", number=1, opening=OPENING, corridor="NP-QA", identities=3, events=20)
    for line in (planted(), planted(subject="demand:NP:dofe:LT-7"), lived):
        assert decode(encode(line)) == line
