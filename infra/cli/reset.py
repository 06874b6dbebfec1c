"""`fairpassage reset`: deletes the embedded engines' data, so that the next `up` starts from nothing."""

from __future__ import annotations

import json
import shutil

import click

from infra.embedded import state
from infra.settings import load

DATA = ("kafka", "clickhouse", "workers", "published", "logs")
KEYS = "secrets"


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--keys", is_flag=True, help="Delete the keys too: what offices publish afterwards links to nothing published before.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; implies --yes.")
def reset(yes: bool, keys: bool, as_json: bool) -> None:
    """Delete the embedded engines' data in FAIRPASSAGE_HOME. Addresses are kept, and keys unless --keys is given."""
    home = load().root
    found = state.read(home)
    if found is not None and (found.supervisor.alive or any(each.alive for each in found.children.values())):
        raise click.ClickException(f"it runs in {home}; `fairpassage stop` first.")
    there = [name for name in (*DATA, *((KEYS,) if keys else ())) if (home / name).is_dir()]
    if there and not (yes or as_json):
        click.confirm(f"Delete {', '.join(there)} in {home}?", abort=True)
    for name in there:
        try:
            shutil.rmtree(home / name)
        except OSError as problem:
            raise click.ClickException(f"{problem.filename}: {problem.strerror}") from problem
    state.remove(home)
    click.echo(json.dumps({"home": str(home), "deleted": there}) if as_json else f"deleted {', '.join(there) or 'nothing'} in {home}")
