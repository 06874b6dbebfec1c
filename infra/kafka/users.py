"""Creates users and their rights on a broker that has SCRAM and an authorizer; run again it changes nothing.

A user's password is a file of its own, made here where there is none, readable by its owner alone and never printed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialUpsertion,
)

from infra.kafka.access import Grant
from infra.secretfiles import made

TIMEOUT = 60.0
ITERATIONS = 8192  # of SCRAM-SHA-512; a password here is 32 random bytes, which no list holds
BATCH = 50  # users asked for and set at once
_KINDS = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP, "cluster": ResourceType.BROKER}
_NAMES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True)
class Access:
    """What was asked for and what was missing; `others` are rights on the same resources that no file gives."""

    users: tuple[str, ...]
    new_users: tuple[str, ...]
    grants: tuple[Grant, ...]
    new_grants: tuple[Grant, ...]
    others: tuple[Grant, ...]


def password_file(folder: Path, user: str) -> Path:
    """Where a user's password is."""
    return folder / f"{user}.password"


def password(folder: Path, user: str) -> str:
    """A user's password from its file, made the first time. Raises OSError."""
    return made(password_file(folder, user)).read_text("utf-8").strip()


def apply(admin: AdminClient, wanted: Collection[Grant], users: Iterable[str], folder: Path, *, renew: bool = False,
          dry_run: bool = False) -> Access:  # fmt: skip
    """Creates what is missing; with `renew` sets every password to what its file says now.

    Raises KafkaException (also where the broker has no authorizer), OSError.
    """
    everyone = tuple(users)
    there = granted(admin)
    known = existing(admin, everyone)
    made = tuple(user for user in everyone if user not in known or renew)
    new = tuple(sorted(set(wanted) - there))
    if not dry_run:
        _set(admin, {user: password(folder, user) for user in made})
        _grant(admin, new)
    return Access(everyone, made, tuple(sorted(wanted)), new, others(there, wanted))


def others(there: Collection[Grant], wanted: Collection[Grant]) -> tuple[Grant, ...]:
    """Rights that reach what is wanted, and are not among it."""
    ours = {(grant.kind, grant.name) for grant in wanted}
    beside = set(there) - set(wanted)
    return tuple(sorted(each for each in beside if each.name == "*" or (each.kind, each.name) in ours or _covers(each, ours)))


def _covers(grant: Grant, ours: Collection[tuple[str, str]]) -> bool:
    """Whether a right by prefix reaches something of ours."""
    return grant.prefixed and any(kind == grant.kind and name.startswith(grant.name) for kind, name in ours)


def granted(admin: AdminClient) -> set[Grant]:
    """Every right that the broker has allowed. Raises KafkaException."""
    anyone: Any = None  # its types ask for a text, and it takes None for any
    everything = AclBindingFilter(ResourceType.ANY, anyone, ResourcePatternType.ANY, anyone, anyone, AclOperation.ANY,
                                  AclPermissionType.ANY)  # fmt: skip
    found = admin.describe_acls(everything, request_timeout=TIMEOUT).result(TIMEOUT)
    return {
        Grant(each.principal.removeprefix("User:"), each.operation.name.lower(), _NAMES.get(each.restype, each.restype.name.lower()),
              each.name, each.resource_pattern_type == ResourcePatternType.PREFIXED)
        for each in found if each.permission_type == AclPermissionType.ALLOW
    }  # fmt: skip


def existing(admin: AdminClient, users: Collection[str]) -> set[str]:
    """Those of these users who have a password for SCRAM-SHA-512. Raises KafkaException."""
    if not users:
        return set()
    found = set[str]()
    answers = cast(dict[str, Future[Any]], admin.describe_user_scram_credentials(list(users), request_timeout=TIMEOUT))
    for user, waiting in answers.items():
        try:
            kinds = waiting.result(TIMEOUT).scram_credential_infos
        except KafkaException as problem:
            if problem.args[0].name() != "RESOURCE_NOT_FOUND":
                raise
            continue
        if any(each.mechanism == ScramMechanism.SCRAM_SHA_512 for each in kinds):
            found.add(user)
    return found


def _set(admin: AdminClient, passwords: Mapping[str, str]) -> None:
    kind = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS)
    changes: list[UserScramCredentialAlteration] = [
        UserScramCredentialUpsertion(user, kind, text.encode()) for user, text in passwords.items()
    ]
    for start in range(0, len(changes), BATCH):
        for waiting in admin.alter_user_scram_credentials(changes[start : start + BATCH], request_timeout=TIMEOUT).values():
            waiting.result(TIMEOUT)


def _grant(admin: AdminClient, new: Iterable[Grant]) -> None:
    bindings = [_binding(grant) for grant in new]
    if bindings:
        for waiting in admin.create_acls(bindings, request_timeout=TIMEOUT).values():
            waiting.result(TIMEOUT)


def _binding(grant: Grant) -> AclBinding:
    pattern = ResourcePatternType.PREFIXED if grant.prefixed else ResourcePatternType.LITERAL
    operation = AclOperation[grant.operation.upper()]
    return AclBinding(_KINDS[grant.kind], grant.name, pattern, f"User:{grant.user}", "*", operation, AclPermissionType.ALLOW)
