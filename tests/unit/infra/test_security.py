"""Kafka security from the settings: the same for each client, and an end only where the broker itself refuses the user."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import click
import faust
import pytest
from confluent_kafka import KafkaError

from infra.kafka.security import aiokafka, librdkafka
from infra.settings import Settings, load
from streams.agents.faustconsumer import credentials


def _settings(tmp_path: Path, protocol: str, **given: Any) -> Settings:
    (tmp_path / "p").write_text("secret\n")
    return load(kafka_security_protocol=protocol, kafka_username="sink", kafka_password_file=tmp_path / "p", **given)


def test_a_plain_broker_is_told_nothing() -> None:
    assert (librdkafka(load()), aiokafka(load()), credentials({})) == ({}, {}, None)


@pytest.mark.parametrize(("protocol", "encrypted"), [("SASL_PLAINTEXT", False), ("SASL_SSL", True)])
def test_each_client_logs_in_as_the_same_user(tmp_path: Path, protocol: str, encrypted: bool) -> None:
    settings = _settings(tmp_path, protocol)
    plain, plainer = librdkafka(settings), aiokafka(settings)
    assert (plain["security.protocol"], plain["sasl.mechanism"], plain["sasl.username"], plain["sasl.password"]) == (
        protocol, "SCRAM-SHA-512", "sink", "secret")  # fmt: skip
    assert (plainer["security_protocol"], plainer["sasl_mechanism"], plainer["sasl_plain_password"]) == (
        protocol, "SCRAM-SHA-512", "secret")  # fmt: skip
    found = credentials(plainer)
    assert isinstance(found, faust.SASLCredentials)
    assert (found.protocol.value, found.mechanism.value, found.username, found.password) == (protocol, "SCRAM-SHA-512", "sink", "secret")
    assert isinstance(plainer.get("ssl_context"), ssl.SSLContext) is encrypted


def test_tls_alone_is_tls_for_faust_too(tmp_path: Path) -> None:
    assert isinstance(credentials(aiokafka(_settings(tmp_path, "SSL"))), faust.SSLCredentials)
    (tmp_path / "ca").write_text("no certificate")
    with pytest.raises(click.UsageError, match="name a file with certificates"):
        aiokafka(_settings(tmp_path, "SSL", kafka_ca_file=tmp_path / "ca"))
    assert librdkafka(_settings(tmp_path, "SSL", kafka_ca_file=tmp_path / "ca"))["ssl.ca.location"] == str(tmp_path / "ca")


def test_only_what_the_broker_says_of_the_user_is_an_end(tmp_path: Path) -> None:
    heard = librdkafka(_settings(tmp_path, "SASL_PLAINTEXT"))["error_cb"]
    where = "sasl_plaintext://broker:9092/1: SASL authentication error: "
    code = KafkaError._AUTHENTICATION
    heard(KafkaError(code, f"{where}Local: Broker transport failure (after 3ms in state AUTH_REQ)"))
    heard(KafkaError(KafkaError._ALL_BROKERS_DOWN, "1/1 brokers are down"))
    with pytest.raises(click.ClickException, match="the broker refuses this user"):
        heard(KafkaError(code, f"{where}Authentication failed during authentication due to invalid credentials"))
