"""Who is who, told once more from the specification (streams/linking/README.md): slow, naive, and sharing no code with it.

Everything is recomputed from sets and searched from the start each time; nothing is indexed, incremental or clever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from streams.domain.facts import Fact

STRONG = ("national_id", "passport", "residence_permit", "registration", "position")
ENDS = ("deployment.repatriation_done", "deployment.contract_ended")
REGISTERED = "recruitment.worker_registered"
RESTATED = "oversight.identifier_restated"
BEGINS = (
    REGISTERED, "recruitment.contract_offered", "recruitment.medical_done", "visa.visa_issued", "visa.clearance_issued",
    "oversight.contract_acknowledged_origin", "oversight.contract_registered_origin", "oversight.orientation_done",
    "deployment.departed", "deployment.arrived",
)  # fmt: skip
STATES_AN_END = (
    "recruitment.contract_offered", "oversight.contract_acknowledged_origin", "oversight.contract_registered_origin",
    "oversight.contract_authenticated_destination", "deployment.contract_amended",
)  # fmt: skip
Key = tuple[str, str]  # source, root event id
Said = tuple[str, str, tuple[str, ...]]  # reason, scheme, sorted event ids
Concern = tuple[Said, frozenset[str]]  # and the fact ids that it is about


@dataclass(frozen=True)
class Told:
    """`journeys` by id: (known fact ids, closed, reviews). `people`: (journey ids, strong tokens, weak tokens)."""

    journeys: dict[str, tuple[frozenset[str], bool, frozenset[Said]]]
    people: frozenset[tuple[frozenset[str], frozenset[str], frozenset[str]]]
    own: dict[str, tuple[frozenset[str], frozenset[Said]]]
    admitted: dict[str, frozenset[str]]


def strong(fact: Fact) -> set[str]:
    if fact.worker is None or not fact.worker.origin:
        return set()
    return {f"{i.kind}:{i.country}:{i.digest}" for i in fact.worker.identifiers if i.kind in STRONG}


def weak(fact: Fact) -> set[str]:
    if fact.worker is None or not fact.worker.origin:
        return set()
    return {f"{i.kind}:{i.country}:{i.digest}" for i in fact.worker.identifiers if i.kind not in STRONG}


def root(fact: Fact, facts: list[Fact]) -> tuple[str, str]:
    """The event that a fact is in the end about: walks along corrections, both ways, until nothing is new."""
    ids = {fact.event_id}
    while True:
        ties = [{f.event_id, f.corrects} for f in facts if f.source == fact.source and f.corrects is not None]
        wider = ids.union(*(tie for tie in ties if tie & ids))
        if wider == ids:
            break
        ids = wider
    correcting = {f.event_id for f in facts if f.source == fact.source and f.corrects is not None}
    return fact.source, min(ids - correcting) if ids - correcting else min(ids)


def standing(group: list[Fact]) -> list[Fact]:
    """What counts of a root and its corrections."""
    corrections = [fact for fact in group if fact.corrects is not None]
    for fact in corrections:
        if all((fact.recorded, fact.event_id, fact.id) >= (f.recorded, f.event_id, f.id) for f in corrections):
            return [] if fact.retracted else [fact]
    return list(group)


def before_retraction(group: list[Fact]) -> list[Fact]:
    return standing([fact for fact in group if not (fact.retracted and fact.corrects is not None)])


def paired(facts: list[Fact]) -> list[set[str]]:
    """Strong tokens that pairs lead to from one another."""
    said = [pair for fact in facts if fact.worker and fact.worker.origin for pair in fact.worker.same if pair[0].split(":")[0] in STRONG]
    found = []
    for pair in said:
        one = set(pair)
        for _ in said:
            one = one.union(*(other for other in said if one & set(other)))
        found += [one] if one not in found else []
    return found


def generation(token: str) -> str:
    """'' for the first: kind:country:hex, or kind:country:generation:hex."""
    return "".join(token.split(":")[2:-1])


def as_one(token: str, pairs: list[set[str]]) -> str:
    """The oldest digest of the same number; the token itself where pairs make no sense."""
    for one in pairs:
        if token in one and len({generation(each) for each in one}) == len(one):
            return min(one, key=lambda each: (generation(each) != "", each))
    return token


def not_one_persons(facts: list[Fact]) -> set[str]:
    """Tokens seen beside more than 4 national ids, 8 passports, 8 names with birth date or 16 of another kind, of one country."""
    found: set[str] = set()
    for token in {token for fact in facts for token in strong(fact)}:
        beside = {other for fact in facts if token in strong(fact) for other in strong(fact) | weak(fact)} - {token}
        for scheme in {other.rsplit(":", 1)[0] for other in beside}:
            most = {"national_id": 4, "passport": 8, "name_birthdate": 8}.get(scheme.split(":")[0], 16)
            if len([other for other in beside if other.rsplit(":", 1)[0] == scheme]) > most:
                found.add(token)
    return found.union(*(one for one in paired(facts) if one & found))


def strength(fact: Fact) -> tuple[int, int, str]:
    return -["inferred", "declared", "documented", "verified"].index(fact.evidence), fact.time, fact.id


def in_turn(tokens: Iterable[str]) -> list[str]:
    return sorted(t for t in tokens if t.startswith("national_id")) + sorted(t for t in tokens if not t.startswith("national_id"))


def said(reason: str, scheme: str, facts: Iterable[Fact]) -> Concern:
    about = list(facts)
    return (reason, scheme, tuple(sorted({f.event_id for f in about}))), frozenset(f.id for f in about)


def conflict(tokens: Iterable[str]) -> bool:
    """Two different national ids of one country."""
    national = {token for token in tokens if token.startswith("national_id")}
    return len({token.split(":")[1] for token in national}) < len(national)


def relabel(label: dict[str, int], old: int, new: int) -> None:
    label.update({node: new for node, number in label.items() if number == old})


def who_is_who(
    standing_facts: list[Fact], ghosts: list[Fact], corrected: list[tuple[Fact, list[Fact]]], ignored: set[str], pairs: list[set[str]],
) -> tuple[dict[str, int], list[Concern]]:  # fmt: skip
    """A label for each fact id and each token in force (and for tokens that only retracted events named, 'was ' + token)."""
    label: dict[str, int] = {}
    concerns: list[Concern] = []
    first_by: dict[str, Fact] = {}
    for fact in sorted(standing_facts, key=strength):
        label[fact.id] = max(label.values(), default=0) + 1
        for token in in_turn({as_one(token, pairs) for token in strong(fact)}):
            scheme = ":".join(token.split(":")[:2])
            if token in ignored:
                concerns.append(said("identifier_of_too_many", scheme, [fact]))
                continue
            mine = {n for n in label if label[n] == label[fact.id] and ":" in n}
            theirs = {n for n in label if label[n] == label.get(token) and ":" in n} | {token}
            if conflict(mine | theirs):
                concerns.append(said("two_national_ids", scheme, [fact, first_by.get(token, fact)]))
            elif token in label:
                relabel(label, label[token], label[fact.id])
                first_by.setdefault(token, fact)
            else:
                label[token] = label[fact.id]
                first_by.setdefault(token, fact)
    once: dict[str, int] = {}
    for fact, counts in sorted(corrected, key=lambda each: strength(each[0])):
        whose = [label[each.id] for each in sorted(counts, key=lambda f: (f.time, f.id)) if each.id in label]
        for token in {as_one(token, pairs) for token in strong(fact)} if whose else ():
            once.setdefault(token, whose[0])
    haunt(label, ghosts, once, ignored, pairs)
    return label, concerns


def haunt(label: dict[str, int], ghosts: list[Fact], once: dict[str, int], ignored: set[str], pairs: list[set[str]]) -> None:
    national: dict[int, set[str]] = {}
    for node, number in label.items():
        if node.startswith("national_id"):
            national.setdefault(number, set()).add(node)
    for ghost in sorted(ghosts, key=strength):
        named = [token for token in in_turn({as_one(token, pairs) for token in strong(ghost)}) if token not in ignored]
        own: set[str] = set()
        for token in named:
            if token.startswith("national_id") and not conflict(own | {token}):
                own.add(token)
        places = [label[name] for name in [*named, *(f"was {token}" for token in named)] if name in label]
        fitting = [number for number in places if not conflict(own | national.get(number, set()))]
        fitting += [once[token] for token in named if ghost.type == RESTATED and token in once]
        number = fitting[0] if fitting else max(label.values(), default=0) + 1
        if not fitting:
            national[number] = own
        label[ghost.id] = number
        for token in named:
            label.setdefault(f"was {token}", number)


def moment(fact: Fact) -> tuple[int, int, str]:
    return fact.time, 0 if fact.type in ENDS else 1 if fact.type == REGISTERED else 2 if fact.type in BEGINS else 3, fact.id


def particular(fact: Fact) -> list[str]:
    refs = fact.refs
    return [f"{kind} {named}" for kind, named in (("contract", refs.contract), ("visa", refs.visa), ("case", refs.case)) if named]


def planned(fact: Fact) -> int | None:
    """Stated ends are in Nepal's own time in these tests: the first instant of the next day."""
    if fact.type not in STATES_AN_END or not fact.body.get("end"):
        return None
    last = datetime.fromisoformat(fact.body["end"]).replace(tzinfo=ZoneInfo("Asia/Kathmandu")) + timedelta(days=1)
    return int(last.astimezone(UTC).timestamp() * 1000)


Row = tuple[Fact, int, bool]  # an event, its journey, and whether that journey was closed before it


def first_naming(rows: list[Row], fact: Fact, tail: bool) -> int | None:
    """The journey of the first event, in a tail or not, that names a paper of this event; contract, visa, case in turn."""
    for paper in particular(fact):
        for other, number, in_tail in rows:
            if in_tail == tail and paper in particular(other):
                return number
    return None


def read(events: list[Fact]) -> list[Row]:
    """Journeys as they look on the way: each event is judged by those before it."""
    rows: list[Row] = []
    for fact in events:
        last = max((n for _, n, _ in rows), default=-1)
        closed = {n for other, n, _ in rows if other.type in ENDS}
        stated = [end for other, n, _ in rows if n == last and (end := planned(other)) is not None]
        number = first_naming(rows, fact, False)
        over = last not in closed and fact.type == REGISTERED and bool(stated) and fact.time >= stated[-1]
        if last < 0:
            number = 0
        elif number is None and (over or (last in closed and fact.type in BEGINS)):
            number = last + 1
        if number is None and fact.type not in BEGINS:
            number = first_naming(rows, fact, True)
        if number is None:
            of_demand = {n for other, n, tail in rows if not tail and fact.refs.demand and other.refs.demand == fact.refs.demand}
            number = of_demand.pop() if len(of_demand) == 1 else last
        rows.append((fact, number, number in closed))
    return rows


def migrations(facts: list[Fact], later: list[Fact]) -> tuple[list[Fact], dict[str, int]]:
    """What opened each journey, and the journey of each fact, once everything is read."""
    rows = read(sorted([f for f in facts if f.time <= f.recorded + 86_400_000] or facts, key=moment))
    opened: list[Fact] = []
    for fact, number, _ in rows:
        if number == len(opened):
            opened.append(fact)
    placed = {fact.id: number for number, fact in enumerate(opened)}
    guests: list[Row] = []
    for fact in [*sorted(facts, key=moment), *sorted(later, key=moment)]:
        if fact.id in placed:
            continue
        where = named_in(fact, rows, guests)
        if where is None:
            where = max([0, *(n for n, opener in enumerate(opened) if moment(opener) <= moment(fact))])
        placed[fact.id] = where
        if fact in later:
            guests.append((fact, where, False))
    return opened, placed


def named_in(fact: Fact, rows: list[Row], guests: list[Row]) -> int | None:
    """The journey of the paper, else of the demand, that an event names; what was said outside of a tail goes first."""
    for paper in particular(fact):
        for source in ([row for row in rows if not row[2]], [row for row in rows if row[2]], guests):
            found = [number for other, number, _ in source if paper in particular(other)]
            if found:
                return found[0]
    naming = [row for row in rows if fact.refs.demand and row[0].refs.demand == fact.refs.demand]
    numbers = {number for _, number, tail in naming if not tail} or {number for _, number, _ in naming}
    return numbers.pop() if len(numbers) == 1 else None


def odd(group: list[Fact]) -> list[Concern]:
    """Two contents under one event id while one of them counts; an origin that is not known."""
    found = []
    for fact in standing(group):
        same = [other for other in group if other.event_id == fact.event_id]
        if len(same) > 1:
            found.append(said("same_id_other_content", "", same))
    unknown = [fact for fact in standing(group) if fact.worker is not None and not fact.worker.origin]
    return found + ([said("origin_unknown", "", unknown)] if unknown else [])


def name(home: str, text: str) -> str:
    return f"journey:{home}:{sha256(text.encode()).hexdigest()[:16]}"


def tell(home: str, given: Iterable[Fact]) -> Told:
    """Everything about one home's facts."""
    facts = sorted({fact.id: fact for fact in given}.values(), key=lambda f: (f.time, f.id))
    roots = {fact.id: root(fact, facts) for fact in facts}
    groups = {key: [fact for fact in facts if roots[fact.id] == key] for key in set(roots.values())}
    spoken = [fact for group in groups.values() for fact in standing(group) if strong(fact)]
    now = [fact for fact in spoken if fact.type != RESTATED]
    lost = [sorted([f for f in before_retraction(group) if strong(f)], key=strength) for group in groups.values() if not standing(group)]
    ghosts = [each[0] for each in lost if each] + [fact for fact in spoken if fact.type == RESTATED]
    corrected = [(fact, standing(group)) for group in groups.values() for fact in group if fact not in standing(group)]
    label, concerns = who_is_who(now, ghosts, corrected, not_one_persons(facts), paired(facts))
    concerns += [each for group in groups.values() for each in odd(group)]
    carrying = {number: {token for fact in now if label[fact.id] == number for token in weak(fact)} for number in label.values()}
    hosts: dict[Key, int] = {}
    own = {}
    for folder, keys in folders(home, groups).items():
        together = [fact for key in keys for fact in standing(groups[key])]
        named = {token for fact in together for token in weak(fact)}
        who = [number for number in carrying if carrying[number] & named]
        if len(who) == 1:
            hosts |= dict.fromkeys(keys, who[0])
        else:
            every = frozenset(fact.id for key in keys for fact in groups[key])
            own[folder] = every, frozenset(text for key in keys for text, _ in odd(groups[key]))
    trips = {}
    for number in {label[fact.id] for fact in [*now, *ghosts]}:
        mine = [fact for fact in now if label[fact.id] == number]
        gone = [fact for fact in ghosts if label[fact.id] == number]
        guests = [fact for key, host in hosts.items() if host == number for fact in standing(groups[key])]
        trips[number] = migrations(mine, [*guests, *gone]) if mine else migrations(gone, [])
    ids = journey_ids(home, [fact for opened, _ in trips.values() for fact in opened], roots)
    journeys, people = {}, set()
    admitted: dict[str, frozenset[str]] = {}
    for number, (opened, placed) in trips.items():
        speaking = {key: speakers(group, ghosts, hosts.get(key) == number) for key, group in groups.items()}
        shown = show(groups, speaking, placed, len(opened))
        for n, opener in enumerate(opened):
            journeys[ids[opener.id]] = journey(groups, shown[n], concerns)
        for folder, keys in folders(home, groups).items():
            if hosts.get(keys[0]) == number:
                admitted[folder] = frozenset(ids[opened[placed[fact.id]].id] for key in keys for fact in standing(groups[key]))
        tokens = frozenset(node for node in label if label[node] == number and ":" in node and not node.startswith("was "))
        people.add((frozenset(ids[opener.id] for opener in opened), tokens, frozenset(carrying[number])))
    return Told(journeys, frozenset(people), own, admitted)


def folders(home: str, groups: dict[Key, list[Fact]]) -> dict[str, list[Key]]:
    """Groups that name nobody for sure, by own dossier: those of one office that name one case share it."""
    found: dict[str, list[Key]] = {}
    for (source, event), group in groups.items():
        if standing(group) and all(fact.worker is not None and not strong(fact) for fact in standing(group)):
            cases = [fact.refs.case for fact in standing(group) if fact.refs.case]
            under = chr(2) + min(cases) if cases else event
            found.setdefault(name(home, f"weak|{source}|{under}"), []).append((source, event))
    return found


def journey_ids(home: str, opened: list[Fact], roots: dict[str, Key]) -> dict[str, str]:
    """By opening fact; of two contents under one event id the second names itself too."""
    ids: dict[str, str] = {}
    for opener in sorted(opened, key=lambda f: (f.time, f.id)):
        plain = name(home, "|".join(roots[opener.id]))
        ids[opener.id] = plain if plain not in ids.values() else name(home, "|".join((*roots[opener.id], opener.id)))
    return ids


def speakers(group: list[Fact], ghosts: list[Fact], guest: bool) -> list[Fact]:
    """The facts of a group that say where it belongs: those that name someone, or what a retracted one last said."""
    if not standing(group):
        return [fact for fact in ghosts if fact in group]
    return sorted([f for f in standing(group) if guest or strong(f)], key=lambda f: (f.time, f.id))


def show(groups: dict[Key, list[Fact]], speaking: dict[Key, list[Fact]], placed: dict[str, int], many: int) -> list[set[str]]:
    """Known fact ids of each journey: the rest of a group goes with the first that speaks."""
    shown: list[set[str]] = [set() for _ in range(many)]
    for key, group in groups.items():
        for fact in speaking[key]:
            if fact.id in placed:
                silent = {f.id for f in group if f not in speaking[key]} if fact is speaking[key][0] else set()
                shown[placed[fact.id]] |= {fact.id} | silent
    return shown


def journey(groups: dict[Key, list[Fact]], shown: set[str], concerns: list[Concern]) -> tuple[frozenset[str], bool, frozenset[Said]]:
    counted = [fact for group in groups.values() for fact in standing(group) if fact.id in shown and fact.type != RESTATED]
    closed = not counted or any(fact.type in ENDS for fact in counted)
    return frozenset(shown), closed, frozenset(text for text, about in concerns if about & shown)
