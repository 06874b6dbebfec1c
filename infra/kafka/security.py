"""Kafka security from the settings, as each client wants it: librdkafka's names, and aiokafka's."""

from __future__ import annotations

import ssl
from typing import Any

import click
from confluent_kafka import KafkaError

from infra.settings import Settings, secret

_SAID = "Authentication failed"  # how a broker begins what it says of wrong credentials, of each mechanism


def librdkafka(settings: Settings) -> dict[str, Any]:
    """For confluent-kafka; empty for a plain loopback broker. A broker that does not know the user is an error of `poll`."""
    if settings.kafka_security_protocol == "PLAINTEXT":
        return {}
    found: dict[str, Any] = {"security.protocol": settings.kafka_security_protocol, "error_cb": _refused}
    if settings.kafka_security_protocol.endswith("SSL") and settings.kafka_ca_file is not None:
        found["ssl.ca.location"] = str(settings.kafka_ca_file)
    if settings.kafka_security_protocol.startswith("SASL"):
        found |= {"sasl.mechanism": settings.kafka_sasl_mechanism, "sasl.username": settings.kafka_username,
                  "sasl.password": secret(settings.kafka_password_file).get_secret_value()}  # fmt: skip
    return found


def _refused(problem: KafkaError) -> None:
    """Raises click.ClickException for a login that failed: librdkafka tries for ever, and says so nowhere else.

    It gives the same code to a connection that ended in the midst of a login, which it makes again: only the broker's word counts.
    """
    if problem.code() == KafkaError._AUTHENTICATION and _SAID in problem.str():  # noqa: SLF001  # its public name
        raise click.ClickException("the broker refuses this user: FAIRPASSAGE_KAFKA_USERNAME and FAIRPASSAGE_KAFKA_PASSWORD_FILE are not\n"
                                   "what it knows")  # fmt: skip


def aiokafka(settings: Settings) -> dict[str, Any]:
    """For aiokafka; empty for a plain loopback broker."""
    if settings.kafka_security_protocol == "PLAINTEXT":
        return {}
    found: dict[str, Any] = {"security_protocol": settings.kafka_security_protocol}
    if settings.kafka_security_protocol.endswith("SSL"):
        found["ssl_context"] = _context(settings)
    if settings.kafka_security_protocol.startswith("SASL"):
        found |= {"sasl_mechanism": settings.kafka_sasl_mechanism, "sasl_plain_username": settings.kafka_username,
                  "sasl_plain_password": secret(settings.kafka_password_file).get_secret_value()}  # fmt: skip
    return found


def _context(settings: Settings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.kafka_ca_file)
    except OSError as problem:  # an SSLError is one too
        raise click.UsageError(f"{settings.kafka_ca_file}: {problem.strerror or problem}; name a file with certificates (PEM)") from problem
