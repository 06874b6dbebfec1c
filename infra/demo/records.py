"""Real records end to end, in a home of their own: disclosure files through Kafka, the workers and ClickHouse, then its figures.

`python -m infra.demo.records FILE...` prints what ClickHouse says of them, to hold beside the published numbers: the page of
`fairpassage report oflc`, without names.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from consumers.warehouse import disclosures
from infra.cli.report_page import page
from infra.clickhouse.connection import client as connect
from infra.demo import results
from infra.demo.settling import Log, settle
from infra.embedded.supervisor import Deployment
from infra.settings import Settings, load, secret
from schemas.topicfiles import topic
from streams.publishers.identity import read_key
from streams.publishers.oflc.importing import FileReport, rows, whole
from streams.publishers.publishing import Publisher

AS_OF = "2022-10-01T00:00:00Z"  # after all that the files tell
SETTLE_SECONDS = 1_200.0
TOP = 10


def reconcile(settings: Settings, files: Sequence[Path], say: Callable[[str], None]) -> dict[str, Any] | None:
    """Imports the files into an embedded deployment and reads the report, None where no row could be imported. Raises FileError,
    NotSettled or Undelivered."""
    for path in files:
        whole(path)
    with Deployment(settings, as_of=AS_OF, say=say) as deployment:
        env = deployment.environment()
        key = read_key(Path(env["FAIRPASSAGE_LINKING_KEY_FILE"]), "FAIRPASSAGE_LINKING_KEY_FILE")
        password = secret(Path(env["FAIRPASSAGE_CLICKHOUSE_PASSWORD_FILE"]))
        client = connect(deployment.clickhouse, "default", password, settings.clickhouse_database)
        total = _published(deployment.bootstrap, files, key, say)
        settle(Log(deployment.bootstrap), lambda: results.stored_facts(client), total, SETTLE_SECONDS, lambda done: None, deployment.watch)
        found = disclosures.report(client, TOP, names=False)
        client.close()
        return found


def _published(bootstrap: str, files: Sequence[Path], key: bytes, say: Callable[[str], None]) -> int:
    now, limit = round(time.time() * 1_000), topic("recruitment").max_record_bytes
    with Publisher(bootstrap, None) as publisher:
        for path in files:
            report = FileReport(path.name)
            publisher.publish(rows(path, report, key, False, now, limit), lambda row: None, lambda done: None)
            say(f"{path.name}: {report.rows} rows, {report.imported} imported, {report.rejected_rows} rejected.")
        return publisher.report.accepted


def main() -> None:
    """The files named on the command line; a temporary home."""
    with tempfile.TemporaryDirectory(prefix="fairpassage-") as home:
        settings = load(home=Path(home), kafka_port=0, clickhouse_port=0, bootstrap="", clickhouse_url="")
        found = reconcile(settings, [Path(name) for name in sys.argv[1:]], print)
    if found is None:
        sys.exit("no row of these files could be imported")
    print("", *page(found), sep="\n")


if __name__ == "__main__":
    main()
