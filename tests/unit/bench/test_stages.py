"""A sampled stack to its stage."""

from __future__ import annotations

import pytest

from tests.bench.probes import quantile
from tests.bench.stages import STAGES, shares, stage

LOOP = "BaseEventLoop._run_once (/usr/lib/python3.11/asyncio/base_events.py:1922)"
OWNED = "Owned.process (/fp/streams/agents/owned.py:70)"
SETTLE = "Partition.settle (/fp/streams/dossiers/partition.py:216)"
RULE = "labour_leased (/fp/streams/rules/labour_leased.py:58)"
VIEW = "JourneyView.facts (/fp/streams/domain/views.py:40)"


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ((LOOP, "Intake._valid (/fp/streams/agents/intake.py:60)", "decode (/fp/schemas/codec.py:140)"), "decode"),
        ((LOOP, OWNED, SETTLE, "split (/fp/streams/linking/split.py:30)"), "link"),
        ((LOOP, OWNED, SETTLE, RULE), "rules"),
        ((LOOP, OWNED, SETTLE, RULE, VIEW), "rules"),  # who calls the shared values pays
        ((LOOP, OWNED, SETTLE, VIEW), "fold"),
        ((LOOP, VIEW), "fold"),
        ((LOOP, OWNED, SETTLE, "RocksStore.get (/fp/streams/store/rocks.py:50)"), "store"),
        ((LOOP, OWNED, "AIOKafkaProducer.send (/v/aiokafka/producer/producer.py:400)"), "produce"),
        ((LOOP, "Sender._send (/v/aiokafka/producer/sender.py:9)", "send (/v/aiokafka/conn.py:3)"), "produce"),
        ((LOOP, "Fetcher._fetch (/v/aiokafka/consumer/fetcher.py:9)", "send (/v/aiokafka/conn.py:3)"), "Faust"),
        ((LOOP, "Stream._c_aiter (/v/faust/streams.py:1100)"), "Faust"),
        ((LOOP,), "Faust"),
        (("handler (/v/prometheus_client/exposition.py:1)",), "other"),
    ],
)
def test_the_innermost_frame_that_names_a_stage_decides(frames: tuple[str, ...], expected: str) -> None:
    assert stage(";".join(frames)) == expected


def test_shares_leave_out_waiting_and_importing() -> None:
    found = shares([f"{LOOP};{OWNED};{SETTLE} 3", f"{LOOP} 1", f"{LOOP};EpollSelector.select (/l/selectors.py:468) 50",
                    "x (<frozen importlib._bootstrap>:1);main (/fp/schemas/codec.py:1) 9", ""])  # fmt: skip
    assert found == dict.fromkeys(STAGES, 0.0) | {"fold": 0.75, "Faust": 0.25}
    with pytest.raises(ValueError, match="no sample"):
        shares([])


def test_a_quantile_is_one_of_the_values() -> None:
    assert [quantile([3.0, 1.0, 2.0], share) for share in (0.0, 0.5, 0.99)] == [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match="no values"):
        quantile([], 0.5)
