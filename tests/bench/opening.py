"""`python -m tests.bench.opening BOOTSTRAP FOLDER KEYFILE NUMBER`: opens one partition as a worker does; prints what it took.

A process of its own, so that its memory is the opened partition's and nothing else's.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from schemas.catalogue import CONTEXTS
from schemas.homes import partition as home_partition
from schemas.topicfiles import declared
from streams.agents.config import WorkerConfig
from streams.agents.worker import Worker
from streams.publishers.identity import read_key
from streams.rules.policy import default
from tests.bench.workers import rss


def config(bootstrap: str, folder: Path, key: bytes) -> WorkerConfig:
    """A worker's settings, as `fairpassage worker` makes them."""
    return WorkerConfig(bootstrap=bootstrap, directory=folder, intake_key=key, master_key=key, public_topics=CONTEXTS,
                        policy=default(), declared=declared, home_partition=home_partition)  # fmt: skip


async def opened(bootstrap: str, folder: Path, key: bytes, number: int) -> dict[str, float]:
    """Seconds, dossiers with an entry, megabytes held and at most held."""
    worker = Worker(config(bootstrap, folder, key))
    await worker.ready()
    began = time.perf_counter()
    owned = await worker.opener.open(number)
    took = time.perf_counter() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    found = {"seconds": took, "dossiers": owned.partition.dossiers(), "rss": rss(), "most": most}
    await owned.close()
    await worker.stop()
    return found


if __name__ == "__main__":
    told = asyncio.run(opened(sys.argv[1], Path(sys.argv[2]), read_key(Path(sys.argv[3]), "key"), int(sys.argv[4])))
    print(json.dumps(told))
