"""Who may do what on the broker, as the topic files, roles, audiences and the offices' file say it: pure, and sorted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from schemas.offices import Office
from schemas.roles import Role, roles
from schemas.topicfiles import Topic, audiences, topics

ALERTS = "alerts."


class Grant(NamedTuple):
    """One thing that a user may do: `kind` is topic, group or cluster; a `prefixed` name stands for all that begin so."""

    user: str
    operation: str
    kind: str
    name: str
    prefixed: bool = False

    @property
    def resource(self) -> str:
        """'topic visa', 'group embassy.NP-QA.*'."""
        return f"{self.kind} {self.name}{'*' if self.prefixed else ''}"


def users(offices: Mapping[str, Office]) -> tuple[str, ...]:
    """Everyone who logs in, sorted: processes, audiences and offices. The broker's administrator is not among them."""
    return tuple(sorted({role.user for role in roles().values() if role.user} | audiences() | offices.keys()))


def grants(offices: Mapping[str, Office], group: str) -> tuple[Grant, ...]:
    """Everything that anybody may do, sorted and each once; `group` is the workers'. What is not here is refused."""
    found = {grant for topic in topics() for grant in _of_topic(topic, offices)}
    for role in roles().values():
        found.update(_of_role(role, offices, group))
    return tuple(sorted(found))


def _of_topic(topic: Topic, offices: Mapping[str, Office]) -> Iterator[Grant]:
    for operation, names in (("write", topic.producers), ("read", topic.consumers)):
        for name in names:
            for user in _who(roles()[name], topic.name, offices):
                yield Grant(user, operation, "topic", topic.name)


def _who(role: Role, topic: str, offices: Mapping[str, Office]) -> Iterator[str]:
    """The users that a role is on a topic. An audience is itself and the offices that read for it; of alerts only its own."""
    if role.user:
        yield role.user
    elif role.each == "office":
        yield from (user for user, office in offices.items() if topic in office.contexts)
    else:
        own = topic.removeprefix(ALERTS) if topic.startswith(ALERTS) else ""
        yield from (each for each in audiences() if own in ("", each))
        yield from (user for user, office in offices.items() if (own in office.audiences if own else office.audiences))


def _of_role(role: Role, offices: Mapping[str, Office], group: str) -> Iterator[Grant]:
    """What a role may do beside topics that name it."""
    several = audiences() | {user for user, office in offices.items() if office.audiences} if role.each == "audience" else offices.keys()
    for user in [role.user] if role.user else sorted(several):
        for operation, named in (("read", role.groups), ("describe", role.sees_groups)):
            for each in named:
                name = each.format(group=group, user=user)
                yield Grant(user, operation, "group", name.removesuffix("*"), name.endswith("*"))
        yield from (Grant(user, operation, "topic", topic.name) for operation in role.sees_topics for topic in topics())
        yield from (Grant(user, operation, "cluster", "kafka-cluster") for operation in role.cluster)
