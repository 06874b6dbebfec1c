"""Kafka security from the settings, as each client wants it: librdkafka's names, and aiokafka's."""

from __future__ import annotations

import ssl
from typing import Any

from infra.settings import Settings, secret


def librdkafka(settings: Settings) -> dict[str, str]:
    """For confluent-kafka; empty for a plain loopback broker."""
    if settings.kafka_security_protocol == "PLAINTEXT":
        return {}
    found = {"security.protocol": settings.kafka_security_protocol}
    if settings.kafka_security_protocol.startswith("SASL"):
        found |= {"sasl.mechanism": settings.kafka_sasl_mechanism, "sasl.username": settings.kafka_username,
                  "sasl.password": secret(settings.kafka_password_file).get_secret_value()}  # fmt: skip
    return found


def aiokafka(settings: Settings) -> dict[str, Any]:
    """For aiokafka; empty for a plain loopback broker."""
    if settings.kafka_security_protocol == "PLAINTEXT":
        return {}
    found: dict[str, Any] = {"security_protocol": settings.kafka_security_protocol}
    if settings.kafka_security_protocol.endswith("SSL"):
        found["ssl_context"] = ssl.create_default_context()
    if settings.kafka_security_protocol.startswith("SASL"):
        found |= {"sasl_mechanism": settings.kafka_sasl_mechanism, "sasl_plain_username": settings.kafka_username,
                  "sasl_plain_password": secret(settings.kafka_password_file).get_secret_value()}  # fmt: skip
    return found
