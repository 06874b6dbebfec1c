"""What `fairpassage topics --acls` says of users and rights: a table of principal, operation and resource."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from confluent_kafka import KafkaException

from infra.kafka import access, offsets, users
from infra.kafka.access import Grant
from infra.kafka.security import librdkafka
from infra.kafka.users import Access
from infra.settings import Settings
from schemas.offices import OfficesError, read


def folder_of(settings: Settings) -> Path:
    """Where the passwords of Kafka's users are."""
    return settings.users_folder or settings.root / "secrets" / "users"


def granted(settings: Settings, bootstrap: str, *, renew: bool, dry_run: bool) -> Access:
    """Creates users and rights, or says what is missing. Raises click.ClickException."""
    admin = offsets.admin(bootstrap, librdkafka(settings))
    try:
        offices = read(settings.offices)
        wanted = access.grants(offices, settings.group)
        return users.apply(admin, wanted, access.users(offices), folder_of(settings), renew=renew, dry_run=dry_run)
    except OfficesError as problem:
        raise click.ClickException(str(problem)) from problem
    except OSError as problem:
        raise click.ClickException(f"{problem.filename}: {problem.strerror}") from problem
    except KafkaException as problem:
        if problem.args[0].name() == "SECURITY_DISABLED":
            raise click.ClickException("the broker has no authorizer, so everyone may do everything: set authorizer.class.name\n"
                                       "and allow.everyone.if.no.acl.found=false (infra/README.md)") from problem  # fmt: skip
        raise


def as_json(found: Access, dry_run: bool) -> dict[str, object]:
    """For `--json`."""
    return {
        "dry_run": dry_run, "users": list(found.users), "new_users": list(found.new_users),
        "grants": [_row(each) for each in found.grants], "new_grants": len(found.new_grants),
        "others": [_row(each) for each in found.others],
    }  # fmt: skip


def _row(grant: Grant) -> dict[str, str]:
    return {"principal": f"User:{grant.user}", "operation": grant.operation, "kind": grant.kind, "name": grant.name,
            "pattern": "prefixed" if grant.prefixed else "literal"}  # fmt: skip


def text(found: Access, folder: Path, dry_run: bool) -> Iterator[str]:
    """The table, and what was done, within 80 columns."""
    shown = found.grants if dry_run else found.new_grants
    for grant in shown:
        yield f"{grant.user:<28} {grant.operation:<16} {grant.resource}"
    yield f"{len(found.new_users)} of {len(found.users)} users, {len(found.new_grants)} of {len(found.grants)} rights"
    yield "missing." if dry_run else f"created. Passwords, a file a user: {folder}"
    if found.others:
        yield f"{len(found.others)} rights on these topics and groups that no file gives, left as they are:"
        yield from (f"  {each.user:<26} {each.operation:<16} {each.resource}" for each in found.others)
