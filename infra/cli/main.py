"""The one command, `fairpassage`: each subcommand lives in a module of its own and is imported only when called."""

from __future__ import annotations

from importlib import import_module

import click

# name -> "module:attribute, one line of help". The help stands here so that `fairpassage --help` imports nothing.
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("infra.cli.up:up", "Run everything on this machine on the embedded engines, until Ctrl-C."),
    "status": ("infra.cli.status:status", "What runs here, and how it does."),
    "stop": ("infra.cli.stop:stop", "Stop what `up` started."),
    "reset": ("infra.cli.reset:reset", "Delete the embedded engines' data."),
    "demo": ("infra.cli.demo:demo", "Simulated corridors end to end: what was found against what was planted."),
    "publish": ("infra.cli.publish:publish", "Validate and publish an office's events."),
    "import": ("infra.cli.importing:importing", "Real public disclosure files to events."),
    "simulate": ("infra.cli.simulate:simulate", "Labelled synthetic corridors, with the truth beside them."),
    "evaluate": ("infra.cli.evaluate:evaluate", "What would be found in these files, with no broker."),
    "schema": ("infra.cli.schema:schema", "Every field of an event type, with an example."),
    "worker": ("infra.cli.worker:worker", "A Faust worker; start more to scale out by partition."),
    "sink": ("infra.cli.sink:sink", "Kafka to ClickHouse."),
    "watch": ("infra.cli.watch:watch", "Rules about the population, on their schedule."),
    "alerts": ("infra.cli.alerts:alerts", "Show or follow an audience's alerts."),
    "act": ("infra.cli.act:act", "Say what was done about an alert."),
    "journey": ("infra.cli.journey:journey", "One journey's timeline, with what is missing."),
    "erase": ("infra.cli.erase:erase", "Erase one journey on a lawful request."),
    "report": ("infra.cli.report:report", "Figures of what ClickHouse holds, for oversight."),
    "rules": ("infra.cli.rules:rules", "The catalogue of rules."),
    "topics": ("infra.cli.topics:topics", "Create the topics from their files."),
    "migrate": ("infra.cli.migrate:migrate", "Apply the ClickHouse migrations."),
    "audit": ("infra.cli.audit:audit", "Whether all that was published is where it has to be."),
    "doctor": ("infra.cli.doctor:doctor", "Check a deployment and say what is wrong."),
    "dlq": ("infra.cli.dlq:dlq", "List, show and replay dead letters."),
}


class LazyGroup(click.Group):
    """A click group that imports a subcommand's module when the subcommand is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fairpassage")
def main() -> None:
    """Follows each migrant worker's recruitment chain across borders and alerts those who can act."""


if __name__ == "__main__":
    main()
