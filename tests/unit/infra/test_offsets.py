"""What a client that waits in vain is made into: an error of Kafka's, never one of Python's futures; a group is asked for twice."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

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


def test_an_answer_is_not_asked_for_again() -> None:
    admin: Any = Admin(failed(KafkaError.GROUP_ID_NOT_FOUND), done("described"))
    with pytest.raises(KafkaException):
        offsets.described(admin, "workers")
    assert len(admin.answers) == 1
