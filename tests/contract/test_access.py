"""Who may do what on the broker, from the topic files: each topic has its writers and readers, and nobody has more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.kafka.access import Grant, grants, users
from schemas import roles as rolefile
from schemas import topicfiles
from schemas.offices import Office
from schemas.roles import roles
from schemas.topicfiles import TopicFileError, audiences, topics

EMBASSY = Office("NP.embassy-doha", ("/office/NP/embassy-doha",), ("complaint",), ("embassy.NP-QA",))
DOFE = Office("NP.dofe", ("/office/NP/dofe",), ("recruitment", "visa"))
OFFICES = {each.user: each for each in (EMBASSY, DOFE)}
GRANTS = grants(OFFICES, "fairpassage")
PROCESSES = {role.user for role in roles().values() if role.user}
OPERATIONS = {"topic": {"read", "write", "describe", "describe_configs"}, "group": {"read", "describe"}, "cluster": {"describe"}}


def may(user: str, operation: str, kind: str = "topic") -> set[str]:
    """Everything of a kind that a user may do this to."""
    return {grant.name for grant in GRANTS if (grant.user, grant.operation, grant.kind) == (user, operation, kind)}


@pytest.mark.parametrize("name", [each.name for each in topics()])
def test_each_topic_has_writers_and_readers(name: str) -> None:
    for operation in ("read", "write"):
        assert [grant.user for grant in GRANTS if (grant.name, grant.operation) == (name, operation)], f"nobody may {operation} it"


@pytest.mark.parametrize("audience", sorted(audiences()))
def test_an_audience_reads_its_own_alerts_and_nothing_else(audience: str) -> None:
    assert may(audience, "read") == {f"alerts.{audience}"}
    assert may(audience, "write") == {"case.actions"}
    assert [grant for grant in GRANTS if grant.user == audience and grant.kind == "group"] == [
        Grant(audience, "read", "group", f"{audience}.", prefixed=True)
    ]


def test_an_office_writes_its_contexts_and_reads_for_the_audiences_that_it_names() -> None:
    assert (may("NP.dofe", "write"), may("NP.dofe", "read"), may("NP.dofe", "read", "group")) == ({"recruitment", "visa"}, set(), set())
    assert may("NP.embassy-doha", "write") == {"complaint", "case.actions"}
    assert may("NP.embassy-doha", "read") == {"alerts.embassy.NP-QA"}
    assert may("NP.embassy-doha", "read", "group") == {"NP.embassy-doha."}


def test_only_workers_write_alerts_and_what_workers_keep() -> None:
    for grant in GRANTS:
        kept = ("alerts.", "findings", "facts", "journeys", "standings", "erasures", "keys")
        if grant.operation == "write" and grant.name.startswith(kept):
            repaired = (grant.user, grant.name) == ("audit", "standings")  # a lost one; whoever writes `feed` can do no less
            assert grant.user == "worker" or repaired, grant
    assert {grant.user for grant in GRANTS if (grant.name, grant.operation) == ("feed", "write")} == {"worker", "audit", "erasure"}


def test_the_record_is_read_by_processes_alone() -> None:
    outside = {f"alerts.{audience}" for audience in audiences()}
    inside = {each.name for each in topics()} - outside
    assert {grant.user for grant in GRANTS if grant.operation == "read" and grant.name in inside} <= PROCESSES


def test_nobody_may_change_topics_rights_or_users() -> None:
    for grant in GRANTS:
        assert grant.operation in OPERATIONS[grant.kind], grant
        assert "*" not in grant.name, grant
        assert grant.kind == "group" or not grant.prefixed, grant


def test_no_group_of_a_user_is_another_users() -> None:
    prefixes = {grant.user: grant.name for grant in GRANTS if grant.prefixed}
    literal = {grant.name for grant in GRANTS if grant.kind == "group" and not grant.prefixed}
    for user, prefix in prefixes.items():
        assert prefix == f"{user}."
        assert not [name for name in literal | {other for name, other in prefixes.items() if name != user} if name.startswith(prefix)]


def test_users_are_one_each_and_name_files() -> None:
    found = users(OFFICES)
    assert len(found) == len(set(found)) == len(PROCESSES) + len(audiences()) + len(OFFICES)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", user) for user in found)
    assert {grant.user for grant in GRANTS} <= set(found)
    assert not {"admin", "controller"} & set(found), "who administers the broker needs no right, and gets no password here"


def test_every_role_is_somebody_s() -> None:
    named = {name for each in topics() for name in (*each.producers, *each.consumers)}
    assert roles().keys() - named == {"doctor"}, "it looks, and reads and writes nothing"


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose roles.toml is a test's own."""
    monkeypatch.setattr(topicfiles, "FOLDER", tmp_path)
    rolefile.roles.cache_clear()
    yield tmp_path / "roles.toml"
    rolefile.roles.cache_clear()


@pytest.mark.parametrize("text", ['[a]\nsays = ""\nuser = "a"\ngroup = ["x"]', '[a]\nsays = ""', '[a]\nuser = "a"\neach = "office"',
                                  '[a]\neach = "everyone"'])  # fmt: skip
def test_a_role_at_fault_is_an_error(written: Path, text: str) -> None:
    written.write_text(text, "utf-8")
    with pytest.raises(TopicFileError, match=r"^roles\.toml: a: "):
        roles()
