"""Any JSON that an office may send is an event that can be published, or problems with field and remedy; never a crash."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.catalogue import event_type, event_types
from schemas.examples import example as example_of
from schemas.validate import Problem
from streams.domain.facts import fact_id
from streams.domain.instants import text
from streams.intake import accept
from streams.publishers.publishing import headers
from streams.publishers.reading import event as read_event
from tests.support.events import NOW, events

KEY, LIMIT = b"k" * 32, 1 << 20
_text = st.text(max_size=8) | st.sampled_from(("NP", "NP:dofe:1", "NP:person:A", "2025-03-01", "2025-03-01T10:00:00Z", "\ud800", "p_"))
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3), max_leaves=6,
)  # fmt: skip


@st.composite
def mutilated(draw: st.DrawFn) -> Any:
    """An example with something in it, at any depth, replaced, dropped or added."""
    whole: dict[str, Any] = json.loads(json.dumps(example_of(draw(st.sampled_from(event_types())).name)))
    for _ in range(draw(st.integers(1, 3))):
        node: Any = whole
        while True:
            keys = sorted(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(node[key], dict | list) and node[key] and draw(st.booleans()):
                node = node[key]
                continue
            if isinstance(node, dict) and draw(st.integers(0, 4)) == 0:
                node[draw(_text)] = draw(_json)
            node[key] = draw(_json)
            break
    return whole


def published_or_refused(raw: Any) -> None:
    found = read_event(raw, KEY, NOW, LIMIT)
    if isinstance(found, list):
        assert found
        for problem in found:
            assert isinstance(problem, Problem)
            assert problem.reason
            assert problem.remedy
        return
    event, data = found
    assert data
    assert fact_id(event)
    assert headers(event)
    assert accept(event, dict).copies


@settings(max_examples=600, deadline=None)
@given(mutilated())
def test_a_mutilated_example_is_published_or_refused(raw: Any) -> None:
    published_or_refused(raw)


@settings(max_examples=200, deadline=None)
@given(_json)
@example({"type": "visa.visa_issued"})
@example({"type": ["visa.visa_issued"]})
def test_any_json_is_refused(raw: Any) -> None:
    assert isinstance(read_event(raw, KEY, NOW, LIMIT), list)


@settings(max_examples=200, deadline=None)
@given(events())
def test_what_was_sealed_already_is_published_as_it_is(event: dict[str, Any]) -> None:
    """An office's own software may seal; sealing twice is once."""
    said = {each.name for each in event_type(event["type"]).fields if each.type == "timestamp"}
    body = {name: text(value) if name in said else value for name, value in event["body"].items()}
    found = read_event({**event, "time": text(event["time"]), "recordedat": text(event["recordedat"]), "body": body}, KEY, NOW, LIMIT)
    assert not isinstance(found, list), found
    assert found[0]["body"] == event["body"]
    if event.get("worker"):
        assert [each["digest"] for each in found[0]["worker"]["identifiers"]] == [each["digest"] for each in event["worker"]["identifiers"]]
