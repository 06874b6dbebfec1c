"""`fairpassage schema`: every field of an event type, with an example; without a type, the list of types; `register` for a registry."""

from __future__ import annotations

import difflib
import json
import textwrap
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import click

from infra.cli.registering import registering
from schemas.catalogue import CONTEXTS, EventType, Field, envelope, event_type, event_types, known
from schemas.composition import contracts, present
from schemas.examples import example
from schemas.topicfiles import topic

WIDTH = 80
_MARGIN = " " * 4


REGISTER = "register"  # no type, topic or contract is called so


@click.command()
@click.argument("name", metavar="[TYPE|register]", required=False)
@click.option("--dry-run", is_flag=True, help="With register: say what is missing there or would be refused, and register nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def schema(name: str | None, dry_run: bool, as_json: bool) -> None:
    """Print every field of an event TYPE, with an example; without TYPE, the types.

    TYPE may also be a topic (recruitment, visa, ...) or alert, journey, fact or finding: then its Avro schema is printed.

    `register` puts every released contract into the schema registry of FAIRPASSAGE_SCHEMA_REGISTRY_URL, a topic's as TOPIC-value, with
    the compatibility that they are held to here. Run again it changes nothing. Exit status 1 where one is refused.
    """
    if dry_run and name != REGISTER:
        raise click.UsageError("--dry-run goes with register")
    if name == REGISTER:
        registering(dry_run=dry_run, as_json=as_json)
    elif name is None:
        click.echo(json.dumps(_listed()) if as_json else "\n".join(_list()))
    elif known(name):
        click.echo(json.dumps(described(event_type(name)), ensure_ascii=False) if as_json else "\n".join(_page(event_type(name))))
    elif name in contracts():
        click.echo(json.dumps(present(name), ensure_ascii=False, indent=None if as_json else 1))
    else:
        raise click.BadParameter(_unknown(name), param_hint="TYPE")


def _unknown(name: str) -> str:
    names = [*(kind.name for kind in event_types()), *contracts()]
    near = [*difflib.get_close_matches(name, names, n=3), *(full for full in names if full.partition(".")[2] == name)]
    hint = f"did you mean {' or '.join(dict.fromkeys(near))}?" if near else "`fairpassage schema` lists them."
    return f"{name!r} is no event type; {hint}"


def _listed() -> dict[str, Any]:
    return {"types": [{"type": kind.name, "topic": kind.topic, "standing": kind.standing, "doc": kind.doc} for kind in event_types()]}


def described(kind: EventType) -> dict[str, Any]:
    """What `--json` prints of one type."""
    return {
        "type": kind.name, "topic": kind.topic, "standing": kind.standing, "doc": kind.doc,
        "envelope": [asdict(field) for field in envelope()], "body": [asdict(field) for field in kind.fields],
        "example": example(kind.name),
    }  # fmt: skip


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _list() -> Iterable[str]:
    for context in CONTEXTS:
        yield f"{context}  ({topic(context).owner})"
        for kind in event_types():
            if kind.topic == context:
                yield f"  {kind.name}{'  [standing]' if kind.standing else ''}"
                yield _wrapped(kind.doc, _MARGIN)
        yield ""
    yield "fairpassage schema TYPE shows its fields and an example."


def _page(kind: EventType) -> Iterable[str]:
    yield kind.name
    yield _wrapped(kind.doc)
    yield f"Topic: {kind.topic}."
    if kind.standing:
        yield _wrapped("A standing: what any country may need to look up, where it names no worker.")
    yield "\nEvery event has\n"
    for field in envelope():
        yield _field(field)
    yield "\nIts body has\n"
    for field in kind.fields:
        yield _field(field)
    yield "\nExample (one line in a file)\n"
    yield json.dumps(example(kind.name), ensure_ascii=False, indent=2)


def _field(field: Field) -> str:
    need = "required" if field.required else "may be left out"
    head = f"{field.name}  {_what(field)}, {need}, PII: {field.pii}"
    lines = [textwrap.fill(head, WIDTH, initial_indent="  ", subsequent_indent=_MARGIN), _wrapped(_meaning(field), _MARGIN)]
    if field.subject:
        lines.append(_wrapped(f"Names a {field.subject} that hears of the event.", _MARGIN))
    return "\n".join(lines)


def _meaning(field: Field) -> str:
    """The field's doc, with its codes where the doc does not list them."""
    listed = all(code in field.doc for code in field.symbols)
    return field.doc if listed else f"{field.doc} One of {', '.join(field.symbols)}."


_SEMANTIC = {
    "country": "ISO 3166-1 alpha-2", "party": "party id, NP:dofe:1234", "demand": "demand id, NP:dofe:LT-77",
    "corridor": "corridor, NP-QA", "sector": "sector, QA/4100", "isco": "ISCO-08", "isic": "ISIC rev. 4",
    "language": "ISO 639", "money": "minor units, ISO 4217", "person": "natural person", "digest": "32 hex digits",
    "action_item": "A-7 | due 2025-03-01 | what is to be done",
}  # fmt: skip


def _what(field: Field) -> str:
    meaning = _SEMANTIC.get(field.semantic, "")
    return f"{field.type} ({meaning})" if meaning else field.type
