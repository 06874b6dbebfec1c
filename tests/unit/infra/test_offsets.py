"""What a client that waits in vain is made into: an error of Kafka's, never one of Python's futures; a group is asked for again."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import pytest
from confluent_kafka import OFFSET_INVALID, KafkaError, KafkaException, TopicPartition

from infra.kafka import offsets


def failed(code: int) -> Future[Any]:
    waiting: Future[Any] = Future()
    waiting.set_exception(KafkaException(KafkaError(code)))
    return waiting


def done(value: Any) -> Future[Any]:
    waiting: Future[Any] = Future()
    waiting.set_result(value)
    return waiting


class Admin:
    """Answers one after the other."""

    def __init__(self, *answers: Future[Any]) -> None:
        self.answers = list(answers)

    def describe_consumer_groups(self, groups: list[str], request_timeout: float) -> dict[str, Future[Any]]:
        assert request_timeout > 0
        return {groups[0]: self.answers.pop(0)}


def test_no_answer_in_time_is_an_error_of_kafka(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offsets, "TIMEOUT", 0.0)
    monkeypatch.setattr(offsets, "_MOMENT", 0.01)
    with pytest.raises(KafkaException) as caught:
        offsets.answer(Future())
    assert "no answer" in offsets.reason(caught.value)


def test_a_first_question_that_nobody_answers_is_asked_again() -> None:
    described: Any = object()
    admin: Any = Admin(failed(KafkaError._TIMED_OUT), done(described))
    assert offsets.described(admin, "workers") is described
    admin = Admin(failed(KafkaError._TIMED_OUT), failed(KafkaError._TIMED_OUT))
    with pytest.raises(KafkaException):
        offsets.described(admin, "workers")


@pytest.mark.parametrize("code", [KafkaError.COORDINATOR_LOAD_IN_PROGRESS, KafkaError.NOT_COORDINATOR])
def test_a_coordinator_that_is_not_ready_is_asked_again(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """As while a new broker makes the topic of its groups."""
    described: Any = object()
    admin: Any = Admin(failed(code), failed(KafkaError._TIMED_OUT), failed(code), done(described))
    assert offsets.described(admin, "workers") is described
    monkeypatch.setattr(offsets, "TIMEOUT", 0.0)
    admin = Admin(failed(code))
    with pytest.raises(KafkaException):
        offsets.described(admin, "workers")


def test_an_answer_is_not_asked_for_again() -> None:
    admin: Any = Admin(failed(KafkaError.GROUP_ID_NOT_FOUND), done("described"))
    with pytest.raises(KafkaException):
        offsets.described(admin, "workers")
    assert len(admin.answers) == 1


class Reader:
    """A group's offsets, or errors, one after the other."""

    def __init__(self, *answers: KafkaException | list[TopicPartition]) -> None:
        self.answers = list(answers)

    def reader(self, _group: str) -> Reader:
        return self

    def committed(self, asked: list[TopicPartition], timeout: float) -> list[TopicPartition]:
        assert asked
        assert timeout > 0
        answer = self.answers.pop(0)
        if isinstance(answer, KafkaException):
            raise answer
        return answer


def committed(*answers: KafkaException | list[TopicPartition]) -> dict[tuple[str, int], int]:
    reader: Any = Reader(*answers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offsets, "topics", lambda _client: {"feed": 2})
        found = offsets.committed(reader, "workers")
    assert not reader.answers
    return found


@pytest.mark.parametrize("code", [
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS, KafkaError.COORDINATOR_NOT_AVAILABLE, KafkaError.NOT_COORDINATOR,
])  # fmt: skip
def test_a_groups_coordinator_that_moves_is_asked_again(code: int) -> None:
    partitions = [TopicPartition("feed", 0, 7), TopicPartition("feed", 1, OFFSET_INVALID)]
    assert committed(KafkaException(KafkaError(code)), partitions) == {("feed", 0): 7}


def test_a_group_that_may_not_be_read_is_an_error() -> None:
    refused = KafkaException(KafkaError(KafkaError.GROUP_AUTHORIZATION_FAILED))
    with pytest.raises(KafkaException):
        committed(refused)
