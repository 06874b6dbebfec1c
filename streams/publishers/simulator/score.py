"""Findings against truth: per rule what was planted, what was found of it, and what is wrong. An unplanted alert is wrong."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from streams.domain.names import subject_key
from streams.publishers.identity import person_id
from streams.publishers.simulator.truth import Opening, Planted

_PERSON = re.compile(r"(?P<kind>(?:party:)?)(?P<country>[A-Z]{2}):person:(?!p_[0-9a-f]{32}$)(?P<name>.+)")

# Of a party these say what many journeys found: nobody plants that, and tests/property/test_typologies.py reckons it from the findings.
_TOLD = frozenset({"Y-OUT-01", "Y-DEC-01"})

Open = tuple[str, str, str]  # (rule id, subject, issue) of an open finding


@dataclass(frozen=True)
class Score:
    """One rule's result. `look_alikes` were planted beside; `false` are those of them that were taken for the abuse."""

    planted: int
    found: int
    wrong: int
    look_alikes: int
    missed: tuple[Planted, ...]
    surplus: tuple[Open, ...]

    @property
    def recall(self) -> float:
        """Found of planted; 1.0 when nothing was planted."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Right of all findings; 1.0 when there are none."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0


def score(
    findings: Iterable[Open],
    truth: Iterable[Planted],
    journey_id: Callable[[str, Opening], str],
    public: Callable[[str], str] = lambda raw: raw,
) -> dict[str, Score]:
    """By rule. `journey_id(origin, opening)` names a journey, `public` turns ids with raw natural persons into published ones.

    A planted issue that ends with "*" stands for one finding of that rule on that subject, whatever its issue's end.
    """  # fmt: skip
    planted, spared = defaultdict(set), Counter[str]()
    lines: dict[Open, Planted] = {}
    for line in truth:
        spared[line.rule] += line.look_alike
        if line.expected:
            key = line.rule, _subject(line, journey_id, public), public(line.issue)
            planted[line.rule].add(key)
            lines[key] = line
    found: defaultdict[str, set[Open]] = defaultdict(set)
    for each in findings:
        if not (each[0] in _TOLD and each[1].startswith("party:")):
            found[each[0]].add(each)
    rules = sorted({*planted, *found, *spared})
    return {rule: _of(planted[rule], found[rule], spared[rule], lines) for rule in rules}


def published(raw: str, key: bytes) -> str:
    """A party or subject with a raw natural person as `publish` names it; anything else as it is."""
    found = _PERSON.fullmatch(raw)
    return raw if found is None else f"{found['kind']}{person_id(found['country'], found['name'], key)}"


def _subject(line: Planted, journey_id: Callable[[str, Opening], str], public: Callable[[str], str]) -> str:
    if line.opening is None:
        return subject_key(public(line.subject))
    return journey_id(line.origin, line.opening)


def _of(planted: set[Open], found: set[Open], spared: int, lines: dict[Open, Planted]) -> Score:
    matched: set[Open] = set()
    missed: list[Planted] = []
    by_subject: defaultdict[str, list[Open]] = defaultdict(list)
    for each in sorted(found):
        by_subject[each[1]].append(each)
    for key in sorted(planted, key=lambda k: (k[2].endswith("*"), k)):
        fitting = [f for f in by_subject[key[1]] if f not in matched and _fits(key[2], f[2])]
        matched.update(fitting[:1])
        if not fitting:
            missed.append(lines[key])
    surplus = tuple(sorted(found - matched))
    return Score(len(planted), len(matched), len(surplus), spared, tuple(missed), surplus)


def _fits(planted: str, found: str) -> bool:
    return found.startswith(planted[:-1]) if planted.endswith("*") else planted == found
