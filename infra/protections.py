"""Which protections are off, for `fairpassage doctor`. On one desk, where all is loopback, that is a note; in service it is wrong."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click
from clickhouse_connect.driver.exceptions import ClickHouseError
from confluent_kafka import KafkaException

from infra.checking import Deployment, Result
from infra.clickhouse.connection import address, of
from infra.kafka import access, offsets, users
from infra.kafka.access import Grant
from schemas.offices import Office, OfficesError, read
from schemas.topicfiles import audiences

LEAST_PASSWORD = 16  # characters; one that `topics --acls` makes has 64
KNOWN = frozenset({"", "default", "password", "admin", "clickhouse", "kafka", "changeme", "change-me", "secret", "fairpassage", "test"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _off(what: Deployment, check: str, says: str, mend: str) -> Result:
    return Result(check, "note" if what.embedded else "wrong", says, "" if what.embedded else mend)


def login(what: Deployment) -> Iterator[Result]:
    """Whether Kafka's clients say who they are, and whether what they say is in clear."""
    protocol = what.settings.kafka_security_protocol
    if not protocol.startswith("SASL"):
        yield _off(what, "kafka login", "no SASL: whoever reaches the broker is anybody",
                   "SCRAM-SHA-512 on the broker, and FAIRPASSAGE_KAFKA_SECURITY_PROTOCOL=SASL_SSL")  # fmt: skip
    if not protocol.endswith("SSL"):
        yield _off(what, "kafka TLS", "no TLS: records and logins travel in clear", "TLS on the broker, and FAIRPASSAGE_KAFKA_CA_FILE")
    if protocol.startswith("SASL") and protocol.endswith("SSL"):
        yield Result("kafka login", "ok", f"{protocol}, {what.settings.kafka_sasl_mechanism}, as {what.settings.kafka_username}")


def rights(what: Deployment) -> Iterator[Result]:
    """Whether the broker has rights, all that the topic files give, and none beside them."""
    if not what.bootstrap:
        return
    try:
        offices = read(what.settings.offices)
        there, wanted = users.granted(what.admin()), set(access.grants(offices, what.settings.group))
    except OfficesError as problem:
        yield Result("offices", "wrong", str(problem), "mend the line")
        return
    except KafkaException as problem:
        yield _refused(what, problem)
        return
    if missing := wanted - there:
        yield _off(what, "rights", f"{len(missing):,} of {len(wanted):,} rights are missing", "`fairpassage topics --acls`")
    if wide := [each for each in users.others(there, wanted) if each.operation in ("all", "read", "write", "alter", "delete", "create")]:
        yield _off(what, "rights", f"{len(wide)} rights that no file gives, first {_said(wide[0])}",
                   "take them away, with your broker's tools")  # fmt: skip
    if not missing and not wide:
        yield Result("rights", "ok", f"{len(wanted):,}, as the topic files give them")


def _said(grant: Grant) -> str:
    return f"{grant.user} may {grant.operation} {grant.resource}"


def _refused(what: Deployment, problem: KafkaException) -> Result:
    name = problem.args[0].name()
    if name == "SECURITY_DISABLED":
        return _off(what, "rights", "no ACLs: the broker has no authorizer, so everyone may do everything",
                    "an authorizer on the broker (infra/README.md), then `fairpassage topics --acls`")  # fmt: skip
    if name == "CLUSTER_AUTHORIZATION_FAILED":
        return Result("rights", "note", "this user may not look at rights", "call it as the user `doctor`")
    return Result("rights", "wrong", offsets.reason(problem), "see that the broker runs, and that address and credentials are right")


def signatures(what: Deployment) -> Iterator[Result]:
    """Whether intake holds events against who signed them, and has a key of each office."""
    folder = what.settings.office_keys
    if folder is None:
        yield _off(what, "signatures", "no office signs: one that may write a topic can speak for another",
                   "give each office a key, and workers FAIRPASSAGE_OFFICES and FAIRPASSAGE_OFFICE_KEYS")  # fmt: skip
        return
    try:
        offices = read(what.settings.offices)
    except OfficesError:
        return  # `rights` says so
    yield _keys(folder, offices)


def _keys(folder: Path, offices: dict[str, Office]) -> Result:
    kept = {path.name.rsplit(".", 2)[0] for path in folder.glob("*.key")} if folder.is_dir() else set[str]()
    if without := sorted(offices.keys() - kept):
        return Result("signatures", "wrong", f"{len(without)} offices have no key, first {without[0]}: nothing of theirs is taken",
                      "`openssl rand -hex 32 > USER.1.key; chmod 600 USER.1.key`, there and at the office")  # fmt: skip
    return Result("signatures", "ok", f"{len(kept)} offices sign")


def passwords(what: Deployment) -> Iterator[Result]:
    """Password files: the owner's alone, and nothing that is guessed."""
    _, clickhouse = address(what.settings)
    names = {"kafka password": (what.settings.kafka_password_file, what.settings.kafka_username),
             "clickhouse password": (clickhouse, what.settings.clickhouse_user),
             "registry password": (what.settings.schema_registry_password_file, what.settings.schema_registry_user)}  # fmt: skip
    for check, (path, user) in names.items():
        if path is not None and path.is_file():
            yield from _password(check, path, user)
        elif check.startswith("clickhouse") and what.settings.clickhouse_url and not what.embedded:
            yield Result(check, "wrong", f"none is set for {user}: an empty password is asked with", "FAIRPASSAGE_CLICKHOUSE_PASSWORD_FILE")


def _password(check: str, path: Path, user: str) -> Iterator[Result]:
    text = path.read_text("utf-8").strip()
    if text.lower() in KNOWN | {user.lower()} or len(text) < LEAST_PASSWORD:
        yield Result(check, "wrong", f"{path} holds one that is guessed soon", "`openssl rand -hex 32`, there and at the server")
    elif stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Result(check, "wrong", f"{path} can be read by others", f"`chmod 600 {path}`")
    else:
        yield Result(check, "ok", f"{path}, its owner's alone")


def warehouse(what: Deployment) -> Iterator[Result]:
    """Whether ClickHouse or the schema registry is asked in clear over a network."""
    asked = {"clickhouse TLS": address(what.settings)[0], "registry TLS": what.settings.schema_registry_url}
    for check, url in asked.items():
        if url.startswith("http:") and (host := _host(url)) not in _LOOPBACK:
            yield Result(check, "wrong", f"{host} is asked in clear, password included", "https, and its port")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:  # no address at all: another check says so
        return url


def readers(what: Deployment) -> Iterator[Result]:
    """Whether a ClickHouse server shows each audience its own alerts alone. Where nobody may look at that, it is a note."""
    if what.embedded or not what.settings.clickhouse_url:
        return
    asked = {"database": what.settings.clickhouse_database}
    try:
        client = of(what.settings)
    except click.ClickException:
        return  # `clickhouse` says so
    try:
        found = client.query("SELECT count() FROM system.row_policies WHERE database = {database:String} AND table = 'alerts'", asked)
        count = int(found.result_rows[0][0])
    except ClickHouseError:
        yield Result("row policies", "note", "this user may not look at row policies", "call it as the user who ran `migrate --access`")
        return
    finally:
        client.close()
    if count < len(audiences()):
        yield Result("row policies", "wrong", f"{count} on alerts, of {len(audiences())} audiences: a reader of the table reads another's",
                     "`fairpassage migrate --access`")  # fmt: skip
    else:
        yield Result("row policies", "ok", f"{count} on alerts")


CHECKS: tuple[Callable[[Deployment], Iterator[Result]], ...] = (login, rights, signatures, passwords, warehouse, readers)
