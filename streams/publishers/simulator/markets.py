"""Who holds a market (the watch T-CHN-07), and markets that only look held, story by story.

What the corridors that all journeys share come to is reckoned when all is told: by the simulator's own arithmetic.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from streams.domain.instants import DAY, Instant, text
from streams.domain.names import party_key
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.lawful import PASSPORT
from streams.publishers.simulator.script import Script
from streams.publishers.simulator.stories import OWN, Book, Story, Told
from streams.publishers.simulator.truth import Planted

CLEARED, DEPARTED = "visa.clearance_issued", "deployment.departed"
RULE, DEPARTURES, ORDERS = "T-CHN-07", "departures", "job orders"
WINDOW, LEAST = 90 * DAY, 10


class Markets:
    """Departures of the last ninety days by corridor, each by the agency of the last clearance before it."""

    def __init__(self, end: Instant) -> None:
        self._end, self._taken = end, defaultdict[str, list[str]](list)
        self._said: set[str] = set()

    def note(self, script: Script) -> None:
        """Counts a worker's journey as it was written."""
        steps = [*script.steps.values()]
        left = max((step for step in steps if step.type == DEPARTED), key=lambda step: (step.time, step.id), default=None)
        if left is None or not self._end - WINDOW <= left.time < self._end or left.time > left.recorded + DAY:
            return
        cleared = [step for step in steps if step.type == CLEARED and step.time <= left.time]
        last = max(cleared, key=lambda step: (step.time, step.id), default=None)
        agency = (last.body.get("agency") or "") if last is not None else ""
        self._taken[f"{script.setting.origin}-{left.body['country']}"].append(party_key(agency) if agency else "")

    def told(self, lines: Iterable[Planted]) -> None:
        """What stories say themselves is left to them."""
        self._said |= {line.subject for line in lines if line.rule == RULE}

    def true(self) -> Iterator[Planted]:
        """A line for each corridor with ten departures or more that no story is about."""
        for corridor, agencies in sorted(self._taken.items()):
            origin, destination = corridor.split("-")
            if len(agencies) >= LEAST and origin != destination and f"place:{corridor}" not in self._said:
                few = _few(agencies)
                yield Planted(rule=RULE, variant="a_few_hold_it" if few else "many_share_it", expected=few, look_alike=not few,
                              subject=f"place:{corridor}", issue=DEPARTURES, as_of=text(self._end))  # fmt: skip


def _few(agencies: Sequence[str]) -> bool:
    """More than three in ten are of one agency, or the squares of the shares add up to more than a quarter."""
    many = Counter(agency for agency in agencies if agency).values()
    return max(many, default=0) * 10 > 3 * len(agencies) or sum(each * each for each in many) * 4 > len(agencies) ** 2


# T-CHN-07: corridors that no other journey takes, and job orders of a country of which no other journey knows.


def _agencies(s: Story, *shares: int) -> list[str]:
    """Agencies of the story, the first as often as its share says, and so on."""
    return [f"{s.agency}-{number}" for number, share in enumerate(shares) for _ in range(share)]


def _leave(s: Story, agencies: Iterable[str], days: int = 60) -> list[Script]:
    """A worker of each of these agencies leaves, one an hour, so many days before the end; '' is known to nobody."""
    return [_leaves(s, agency, days, number) for number, agency in enumerate(agencies)]


def _leaves(s: Story, agency: str, days: int, hours: int) -> Script:
    who, home = s.hire(to=OWN[s.place]), world.ministry(s.lane.origin)
    there = who.setting.destination
    language = life.LANGUAGES[s.lane.origin]
    who.add("contract", bodies.REGISTERED, s.before(days + 20, hours), home, {"country": there, "language": language}, PASSPORT, clean=True)
    who.add("orientation", "oversight.orientation_done", s.before(days + 15, hours), home,
            bodies.orientation(24.0, 3.0, "biometric", language), PASSPORT, clean=True)  # fmt: skip
    who.add("clearance", CLEARED, s.before(days + 10, hours), home, {"country": there} | ({"agency": agency} if agency else {}), PASSPORT)
    who.add("departed", DEPARTED, s.before(days, hours), home, {"country": there}, PASSPORT, clean=True)
    return who


def _corridor(s: Story) -> Told:
    return f"place:{s.lane.origin}-{OWN[s.place]}", DEPARTURES


def _orders(s: Story, firms: Iterable[str]) -> Told:
    """Job orders for a country, each with the recruiter that its employer declares."""
    country = OWN[s.place]
    for number, firm in enumerate(firms):
        order, at = f"{country}:{s.register}:O-{s.number}-{number}", s.before(50, number)
        body = {"demand": order, "organisation": firm, "declared_by": "employer", "role": "recruiter"}
        s.say("recruitment.demand_submitted", at, {"employer": s.firm, "country": country, "jobs": 3}, refs={"demand": order})
        s.say("recruitment.recruiter_declared", at, body, refs={"demand": order})
    return f"place:{country}", ORDERS


def _four_of_ten(s: Story) -> Told:
    _leave(s, _agencies(s, 4, *[1] * 6))
    return _corridor(s)


def _four_of_ten_orders(s: Story) -> Told:
    return _orders(s, _agencies(s, 4, *[1] * 6))


def _three_each_and_one(s: Story) -> Told:
    """Nobody has more than thirty in a hundred, and four have it all."""
    _leave(s, _agencies(s, 3, 3, 3, 1))
    return _corridor(s)


def _three_have_all_orders(s: Story) -> Told:
    return _orders(s, _agencies(s, 4, 4, 4))


def _four_in_four_spellings(s: Story) -> Told:
    spelled = [f"{s.agency}-x", f"{s.agency}x", f"{s.agency} X", f"{s.agency}.x"]
    _leave(s, [*spelled, *_agencies(s, *[1] * 6)])
    return _corridor(s)


def _three_of_ten(s: Story) -> Told:
    _leave(s, _agencies(s, 3, *[1] * 7))
    return _corridor(s)


def _three_of_ten_orders(s: Story) -> Told:
    return _orders(s, _agencies(s, 3, *[1] * 7))


def _four_of_nine(s: Story) -> Told:
    _leave(s, _agencies(s, 4, *[1] * 5))
    return _corridor(s)


def _four_of_nine_orders(s: Story) -> Told:
    return _orders(s, _agencies(s, 4, *[1] * 5))


def _four_with_a_quarter_each(s: Story) -> Told:
    return _orders(s, _agencies(s, 3, 3, 3, 3))


def _the_fourth_long_ago(s: Story) -> Told:
    _leave(s, _agencies(s, 3, *[1] * 7))
    _leave(s, _agencies(s, 1), 91)
    return _corridor(s)


def _cleared_again_by_another(s: Story) -> Told:
    who, *_ = _leave(s, _agencies(s, 4, *[1] * 6))
    body = {"country": who.setting.destination, "agency": f"{s.agency}-last"}
    who.add("cleared_again", CLEARED, s.before(61), world.ministry(s.lane.origin), body, PASSPORT, clean=True)
    return _corridor(s)


def _one_agency_not_known(s: Story) -> Told:
    _leave(s, [*_agencies(s, 3, *[1] * 6), ""])
    return _corridor(s)


BOOK: Book = {
    RULE: ((_four_of_ten, _four_of_ten_orders, _three_each_and_one, _three_have_all_orders, _four_in_four_spellings),
           (_three_of_ten, _three_of_ten_orders, _four_of_nine_orders, _four_with_a_quarter_each, _cleared_again_by_another,
            _the_fourth_long_ago, _one_agency_not_known, _four_of_nine)),
}  # fmt: skip
