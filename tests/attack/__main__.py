"""`python -m tests.attack`: the table of attacks; status 1 if anything forbidden was allowed, or anything allowed refused."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import click

from tests.attack.attempts import Tried, heading, lines, summary, tried
from tests.attack.site import attempts


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a row.")
@click.option("--no-acls", is_flag=True, help="On a broker without an authorizer: to see that the table says so.")
def main(as_json: bool, no_acls: bool) -> None:
    """Try on a real broker and a real front what each role may not do."""
    found: list[Tried] = []
    with tempfile.TemporaryDirectory(prefix="fairpassage-attack-") as home, attempts(Path(home), acls=not no_acls) as every:
        if not as_json:
            click.echo(heading())
        for each in tried(every):
            found.append(each)
            row = {"role": each.attempt.role, "attempt": each.attempt.what, "allowed": each.answer.allowed, "should": each.attempt.should,
                   "answer": each.answer.said}  # fmt: skip
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else "\n".join(lines(each)))
    if not as_json:
        click.echo(summary(found))
    sys.exit(0 if all(each.right for each in found) else 1)


if __name__ == "__main__":
    main()
