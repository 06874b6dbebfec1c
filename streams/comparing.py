"""What another policy would find: two evaluations of the same events, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from streams.domain.instants import Instant
from streams.domain.outputs import Published
from streams.evaluate import BATCH, Evaluated, Evaluator
from streams.rules.policy import Policy

# What of a finding a policy can change; its evidence and summary follow from these.
COMPARED = ("reason", "severity", "policy_rows", "since", "due_at")


@dataclass(frozen=True)
class Difference:
    """One issue of a subject that the two disagree on: the finding under today's policy, and under the other; None where none."""

    subject: str
    now: Published | None
    then: Published | None

    @property
    def finding(self) -> Published:
        """The finding that names its rule and issue."""
        found = self.then or self.now
        assert found is not None
        return found

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields that differ, where both find it."""
        if self.now is None or self.then is None:
            return ()
        return tuple(name for name in COMPARED if getattr(self.now, name) != getattr(self.then, name))


@dataclass(frozen=True)
class Comparison:
    """Both evaluations, and where they differ, by rule, subject and issue."""

    now: Evaluated
    then: Evaluated
    only_now: tuple[Difference, ...]
    only_then: tuple[Difference, ...]
    changed: tuple[Difference, ...]

    def counts(self) -> list[tuple[str, dict[str, int]]]:
        """Each rule that finds something under either, with how many: now, then, only_now, only_then, changed."""
        columns = {
            "now": [each for _, each in self.now.findings()], "then": [each for _, each in self.then.findings()],
            "only_now": [each.finding for each in self.only_now], "only_then": [each.finding for each in self.only_then],
            "changed": [each.finding for each in self.changed],
        }  # fmt: skip
        counted = {name: Counter(_id(each) for each in found) for name, found in columns.items()}
        rules = sorted(counted["now"].keys() | counted["then"].keys())
        return [(rule, {name: counted[name][rule] for name in columns}) for rule in rules]


def evaluate_both(
    events: Iterable[Mapping[str, Any]], now: Policy, then: Policy, as_of: Instant, declared: Callable[[str], bool], batch: int = BATCH
) -> Comparison:
    """The same events, read once, under today's policy and another."""
    both = Evaluator(now, as_of, declared, batch=batch), Evaluator(then, as_of, declared, batch=batch)
    reading = iter(events)
    while some := list(islice(reading, batch)):
        for evaluator in both:
            evaluator.add(some)
    return compare(*(evaluator.finish() for evaluator in both))


def compare(now: Evaluated, then: Evaluated) -> Comparison:
    """Where two evaluations differ. A finding is the same one when its rule, subject and issue are: its alert would be."""
    ours, theirs = _open(now), _open(then)
    differ = [Difference(*key[:1], ours.get(key), theirs.get(key)) for key in sorted(ours.keys() | theirs.keys(), key=_order)]
    return Comparison(
        now, then,
        only_now=tuple(each for each in differ if each.then is None),
        only_then=tuple(each for each in differ if each.now is None),
        changed=tuple(each for each in differ if each.changed),
    )  # fmt: skip


Key = tuple[str, str, str]  # subject, rule, issue


def _open(found: Evaluated) -> dict[Key, Published]:
    return {(subject, _id(each), each.issue): each for subject, each in found.findings()}


def _order(key: Key) -> Key:
    subject, rule, issue = key
    return rule, subject, issue


def _id(found: Published) -> str:
    return found.rule.partition("@")[0]
