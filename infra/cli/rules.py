"""`fairpassage rules`: the catalogue. Thresholds and sources are for those who work here; existence and basis are public."""

from __future__ import annotations

import difflib
import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table

from infra.catalogue.page import kind_of, page
from infra.cli.wiring import policy_from, policy_of
from infra.settings import load
from streams.rules.policy import Policy, Row
from streams.rules.registry import Rule, catalogue

WIDTH = 80
Rules = Sequence[Rule]  # those of one id: one for each kind of dossier


@click.command()
@click.argument("name", metavar="[RULE]", required=False)
@click.option("--policy", type=click.Path(exists=True, path_type=Path), default=None,
              help="A policy file or folder: all rows of the rules that it names.")
@click.option("--public", is_flag=True, help="Only what anyone may read: which rules there are, and their legal basis.")
@click.option("--markdown", is_flag=True, help="The catalogue page: what watches each recommendation. No thresholds.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with everything.")
def rules(name: str | None, policy: Path | None, public: bool, markdown: bool, as_json: bool) -> None:
    """Print the catalogue of rules, or all that is known of one RULE (T-CON-01, or its harm).

    Without --policy the rows are those that a worker with these settings would read.
    """
    if markdown:
        click.echo(page(), nl=False)
        return
    found = _one(name) if name else list(catalogue().by_id.values())
    if public:
        _public(found, as_json)
        return
    in_force = policy_from(policy, policy_of(load()))
    if as_json:
        click.echo(json.dumps({"rules": [described(each, in_force) for each in found]}, ensure_ascii=False))
    elif name:
        click.echo("\n".join(_page(described(found[0], in_force))))
    else:
        _table(found)


def _one(name: str) -> list[Rules]:
    names = {key: each for each in catalogue().by_id.values() for key in _names(each[0])}
    if (found := names.get(name.lower())) is not None:
        return [found]
    near = difflib.get_close_matches(name.lower(), names, n=1)
    hint = f"did you mean {names[near[0]][0].id}?" if near else "`fairpassage rules` lists them."
    raise click.BadParameter(f"{name!r} is no rule; {hint}", param_hint="RULE")


def _names(rule: Rule) -> Iterator[str]:
    yield from (rule.id.lower(), rule.ref.lower(), rule.harm)
    yield from (alias.lower() for alias in rule.aliases)


def described(same: Rules, policy: Policy) -> dict[str, Any]:
    """What `--json` prints of one rule. A kind of dossier has what it reads, and what of the rest is otherwise for it."""
    first = same[0]
    common = _details(first)
    kinds = [_kind(rule) | {key: value for key, value in _details(rule).items() if value != common[key]} for rule in same]
    rows = [_row(row) for row in policy.rows(first.id)]
    head = {"id": first.id, "aliases": list(first.aliases), "version": first.version, "harm": first.harm, "kind": kind_of(first),
            "doc": first.doc}  # fmt: skip
    return {**head, **common, "kinds": kinds, **_parameters(first), "policy": rows}


def _details(rule: Rule) -> dict[str, Any]:
    return {
        "severity": rule.severity, "audience": list(rule.audience), "confidential": rule.confidential, "action": rule.action,
        "next_step": rule.next_step, "basis": rule.basis, "recommendations": list(rule.recommendations),
        "indicators": list(rule.indicators),
    }  # fmt: skip


def _kind(rule: Rule) -> dict[str, Any]:
    return {
        "kind": rule.kind, "doc": inspect.getdoc(rule.check) or "", "reads": sorted(rule.reads), "standings": sorted(rule.standings),
        "measures": [measure.name for measure in rule.measures], "weak": rule.weak,
    }  # fmt: skip


def _parameters(rule: Rule) -> dict[str, Any]:
    """What its policy rows hold: each parameter's type, unit, bounds and when a row has it, and what rows may be narrowed by."""
    return {
        "parameters": [{"name": name, **parameter.described()} for name, parameter in rule.shape.parameters.items()],
        "selectors": list(rule.shape.selectors),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.id, "where": dict(row.selectors), "from": row.valid_from, "until": row.valid_until,
        "parameters": dict(row.values), "source": row.source,
    }  # fmt: skip


def _public(found: Sequence[Rules], as_json: bool) -> None:
    """Nothing here comes from a policy row or a docstring: both tell thresholds (domain.md 5, must-not 12)."""
    if as_json:
        listed = [{"id": same[0].id, "aliases": list(same[0].aliases), "version": same[0].version, "harm": same[0].harm,
                   "basis": same[0].basis} for same in found]  # fmt: skip
        click.echo(json.dumps({"rules": listed}, ensure_ascii=False))
        return
    table = Table("harm", "legal basis", box=box.SIMPLE_HEAD)
    table.columns[0].overflow = "fold"
    for same in found:
        table.add_row("\n".join((same[0].ref, *same[0].aliases, same[0].harm)), same[0].basis, end_section=True)
    Console(highlight=False, markup=False, emoji=False).print(table)


def _table(found: Sequence[Rules]) -> None:
    table = Table("rule", "harm", "", "dossiers", "who hears of it", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for same in found:
        names = "\n".join((same[0].ref, *same[0].aliases))
        table.add_row(names, same[0].harm, same[0].severity, "\n".join(_dossiers(same)), "\n".join(same[0].audience))
    for column in table.columns:
        column.overflow = "fold"  # a name is never cut short
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(table)
    console.print("fairpassage rules RULE shows one: what it reads, its basis, its thresholds.")


def _dossiers(same: Rules) -> Iterator[str]:
    """The kinds of dossier, and who looks where it is not the rule itself."""
    yield from (rule.kind for rule in same)
    if same[0].by == "watch":
        yield "(watch)"


def _page(rule: Mapping[str, Any]) -> Iterator[str]:
    yield f"{rule['id']}@{rule['version']}  {rule['harm']}\n"
    yield from (_wrapped(paragraph) + "\n" for paragraph in rule["doc"].split("\n\n"))
    yield from _facts(rule)
    for kind in rule["kinds"]:
        yield from _reading(kind, rule["doc"])
    yield from _holding(rule)
    yield "\nPolicy rows"
    for row in rule["policy"]:
        yield from _policy(row)
    if not rule["policy"]:
        yield "  None: it has no parameter."


def _facts(rule: Mapping[str, Any]) -> Iterator[str]:
    if rule["aliases"]:
        yield _line("Also known as", ", ".join(rule["aliases"]))
    yield _line("Kind", "a rule about one subject" if rule["kind"] == "rule" else "a watch over the population, SQL run on a schedule")
    yield _line("Severity", rule["severity"])
    yield _line("Heard by", ", ".join(rule["audience"]) + (" (confidential: nobody else)" if rule["confidential"] else ""))
    yield _line("Action", f"{rule['action']}. {rule['next_step']}")
    yield _line("Legal basis", rule["basis"])
    yield _line("Recommendations", ", ".join(rule["recommendations"]) or "none")
    yield _line("ILO indicators", ", ".join(rule["indicators"]) or "none")


def _reading(kind: Mapping[str, Any], doc: str) -> Iterator[str]:
    yield f"\nOn a {kind['kind']}{', and on an event that only a weak identifier ties to a worker' if kind['weak'] else ''}"
    if kind["doc"] != doc:
        yield _wrapped(" ".join(kind["doc"].split()), "  ")
    yield _line("Reads", ", ".join(kind["reads"]) or "every event type", "  ")
    for label, key in (("Measures", "measures"), ("Standings", "standings")):
        if kind[key]:
            yield _line(label, ", ".join(kind[key]), "  ")
    for name in _details_of(kind):
        yield _line(f"Here {name.replace('_', ' ')}", _plain(kind[name]), "  ")


def _holding(rule: Mapping[str, Any]) -> Iterator[str]:
    """The parameters of its rows; nothing where it has none."""
    if not rule["parameters"]:
        return
    yield "\nParameters"
    for each in rule["parameters"]:
        said = [each["type"], *(each[name] for name in ("unit", "bounds", "asked") if name in each)]
        yield _line(each["name"], "; ".join(said), "  ")
    yield _line("Rows may be narrowed by", ", ".join(rule["selectors"]) or "nothing", "  ")


def _details_of(kind: Mapping[str, Any]) -> Iterator[str]:
    return (name for name in kind if name not in ("kind", "doc", "reads", "measures", "standings", "weak"))


def _policy(row: Mapping[str, Any]) -> Iterator[str]:
    where = [f"{name} {value}" for name, value in row["where"].items()]
    dates = [f"from {row['from']}"] if row["from"] != "0001-01-01" else []
    dates += [f"until {row['until']}"] if row["until"] != "9999-12-31" else []
    yield _wrapped(f"{row['id']} ({', '.join([*where, *dates]) or 'everywhere, always'})", "  ")
    yield from (_wrapped(f"{name} = {_plain(value)}", "    ") for name, value in row["parameters"].items())
    yield _line("Source", row["source"], "    ")


def _plain(value: Any) -> str:
    """As a policy file would have it, without quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)


def _line(label: str, text: str, indent: str = "") -> str:
    return textwrap.fill(f"{label}: {text}", WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
