"""`fairpassage stop`: ends what `up` started in this home, and nothing else."""

from __future__ import annotations

import json
import sys

import click

from infra.embedded import state
from infra.settings import load

PATIENCE = 90.0  # seconds; the supervisor gives each child 20 of its own


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def stop(as_json: bool) -> None:
    """Stop what `up` started in FAIRPASSAGE_HOME. A pid that is another process by now is left alone."""
    home = load().root
    found = state.read(home)
    ended = [] if found is None else [name for name, each in found.children.items() if each.alive]
    left: list[str] = []
    if found is not None:
        found.supervisor.end(PATIENCE)
        for each in found.children.values():
            each.end()
        left = [name for name, each in found.children.items() if each.alive]
        if not left:
            state.remove(home)
    if as_json:
        click.echo(json.dumps({"home": str(home), "stopped": ended, "left": left}))
    elif left:
        click.echo(f"still running: {', '.join(left)}", err=True)
    else:
        click.echo(f"stopped {', '.join(ended)}" if ended else f"nothing ran in {home}")
    sys.exit(1 if left else 0)
