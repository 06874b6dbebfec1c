"""A script: one lawful migration, step by step, that scenes then change; each change says at once what it planted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from schemas.subjects import subjects
from streams.domain.instants import HOUR, Instant, text
from streams.publishers.simulator import world
from streams.publishers.simulator.combined import combined
from streams.publishers.simulator.parameters import Corridor
from streams.publishers.simulator.people import Person
from streams.publishers.simulator.truth import Migration, Opening, Planted


@dataclass
class Draft:
    """One event before it is written. `show` are the identifier kinds that its office saw; empty: it is about no worker.

    `office` is 'NP/dofe'. `clean` events are never misrecorded and corrected: their record time is what is at issue.
    """

    id: str
    type: str
    time: Instant
    office: str
    body: dict[str, Any]
    show: tuple[str, ...] = ()
    recorded: Instant = 0
    refs: dict[str, str] = field(default_factory=dict)
    evidence: str = "documented"
    clean: bool = False
    passport: str = ""
    root: str = ""
    corrects: str = ""
    was: dict[str, Any] | None = None
    retracted: bool = False

    @property
    def source(self) -> str:
        """The office as CloudEvents source."""
        return f"/office/{self.office}"

    @property
    def context(self) -> str:
        """The public topic."""
        return self.type.partition(".")[0]


@dataclass
class Setting:
    """What is drawn before a journey is written, and what a scene may arrange beforehand. Instants in ms, wage in minor units."""

    corridor: Corridor
    person: Person
    draw: Random
    began: Instant
    days: float
    isco: str
    isic: str
    agency: str
    partner: str
    employer: str
    site: str
    demand: str
    start: Instant
    as_of: Instant
    number: int = 1
    shared: dict[str, Any] = field(default_factory=dict)
    place: int = 0
    serial: str = ""

    @property
    def departure(self) -> Instant:
        """When the worker leaves."""
        return self.began + round(self.days * 24) * HOUR

    def depart_at(self, moment: Instant) -> None:
        """Moves the whole journey so that the worker leaves at `moment`."""
        self.began += moment - self.departure

    @property
    def origin(self) -> str:
        return self.corridor.origin

    @property
    def destination(self) -> str:
        return self.corridor.destination


@dataclass(frozen=True)
class _Claim:
    rule: str
    variant: str
    expected: bool
    look_alike: bool
    subject: str
    issue: str
    evidence: tuple[str, ...]
    since: Instant | None
    until: Instant | None

    def begun_by(self, as_of: Instant) -> bool:
        """Whether a finding is expected by then: an abuse that begins when a clock runs out may still be to come."""
        return self.expected and (self.since is None or self.since < as_of)


class Script:
    """The steps of one journey by name, and what was planted in it."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.steps: dict[str, Draft] = {}
        self.extra: list[Draft] = []
        self.contract, self.visa = "", ""
        self.arrival: Instant = 0
        self.sequels: list[Script] = []
        self._claims: list[_Claim] = []
        self._serial = 0

    def add(
        self,
        name: str,
        type: str,
        time: Instant,
        office: str,
        body: dict[str, Any] | None = None,
        show: tuple[str, ...] = (),
        *,
        lag: Instant | None = None,
        refs: dict[str, str] | None = None,
        evidence: str = "documented",
        clean: bool = False,
    ) -> Draft:
        """Writes a step; it is recorded `lag` ms after it happened (some hours when None)."""
        self._serial += 1
        late = lag if lag is not None else self.setting.draw.randrange(1, 30) * HOUR
        draft = Draft(f"{self.setting.serial}-{self._serial:02d}", type, time, office, body or {}, show, time + late,
                      dict(refs or {}), evidence, clean)  # fmt: skip
        self.steps[name] = draft
        return draft

    def enter(self, type: str, time: Instant, body: dict[str, Any]) -> Draft:
        """An entry of the origin ministry's register that belongs to this story but to no worker."""
        self._serial += 1
        draft = Draft(f"{self.setting.serial}-{self._serial:02d}", type, time, world.ministry(self.setting.origin), body,
                      recorded=time + HOUR, clean=True)  # fmt: skip
        self.extra.append(draft)
        return draft

    def drop(self, *names: str) -> None:
        """Takes steps out; names that are not there are no error."""
        for name in names:
            self.steps.pop(name, None)

    def plant(
        self,
        rule: str,
        variant: str,
        *on: str,
        expected: bool = True,
        issue: str = "*",
        subject: str = "journey",
        since: Instant | None = None,
        until: Instant | None = None,
    ) -> None:
        """Says that this abuse was committed; `on` are the steps that show it, `until` when a later step ended it."""
        self._claims.append(_Claim(rule, variant, expected, False, subject, issue, on, since, until))

    def spare(self, rule: str, variant: str, *on: str, issue: str = "*", subject: str = "journey") -> None:
        """Says that this looks like the abuse and is none."""
        self._claims.append(_Claim(rule, variant, False, True, subject, issue, on, None, None))

    def claimed(self, rule: str, issue: str = "") -> bool:
        """Whether a scene has said what is true of this rule here, of any issue or of one."""
        return any(claim.rule == rule and issue in ("", claim.issue) for claim in self._claims)

    def was(self, draft: Draft) -> dict[str, Any]:
        """Where an event was, as its correction says it."""
        event = {"type": draft.type, "source": draft.source, "refs": draft.refs, "body": draft.body,
                 "worker": {"origin": self.setting.origin, "identifiers": []}}  # fmt: skip
        return {"origin": self.setting.origin, "subjects": list(subjects(event))}

    def misrecord(self, name: str, corrected: Instant, **wrong: Any) -> None:
        """The step was first written with these `wrong` fields; what it says now is its correction, recorded at `corrected`."""
        step = self.steps[name]
        first = replace(step, refs=dict(step.refs), root="", **wrong)
        self.extra.append(first)
        step.root, step.id, step.corrects, step.recorded = first.id, f"{first.id}c", first.id, corrected
        step.was, step.clean = self.was(first), True

    @property
    def opening(self) -> Draft:
        """The earliest step about the worker."""
        return min((d for d in self.steps.values() if d.show), key=lambda d: (d.time, d.id))

    def truth(self) -> list[Planted]:
        """What was planted, with the ids that the events ended up with."""
        opening = Opening(self.opening.source, self.opening.root or self.opening.id)
        planted = [
            Planted(
                rule=c.rule, variant=c.variant, expected=c.begun_by(self.setting.as_of), look_alike=c.look_alike, subject=c.subject,
                issue=c.issue,
                as_of=text(self.setting.as_of), worker=f"{self.setting.person.sim}/{self.setting.number}",
                origin=self.setting.origin, opening=opening if c.subject == "journey" else None,
                evidence=tuple(sorted(self.steps[name].id for name in c.evidence)),
                since=None if c.since is None else text(c.since), until=None if c.until is None else text(c.until),
            )
            for c in self._claims
        ]  # fmt: skip
        return [*planted, *combined(planted)]

    def lived(self) -> Migration:
        """The journey as it was lived, for the truth about linking."""
        who, setting = self.setting.person, self.setting
        shown = {who.numbers[kind] for d in self.steps.values() for kind in d.show if kind not in ("phone", "name_birthdate")}
        return Migration(
            worker=f"{who.sim}/{setting.number}", number=setting.number, corridor=setting.corridor.name,
            opening=Opening(self.opening.source, self.opening.root or self.opening.id), identities=len(shown),
            events=len(self.steps) + len(self.extra),
        )  # fmt: skip
