"""A command group that imports a command's module when it is called: ``kb --help`` must not load a language model."""

import logging
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NoReturn

import click

from kb import __version__
from kb.errors import KbError


class KbGroup(click.Group):
    """Commands by name: the module that defines them (as an attribute ``NAME_command``), and their help in a line."""

    def __init__(self, name: str, commands: Mapping[str, tuple[str, str]], help: str) -> None:  # noqa: A002  click's word
        super().__init__(name, help=help, context_settings={"help_option_names": ["-h", "--help"]})
        self.lazy = dict(commands)
        click.version_option(__version__, prog_name="kb")(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which they are defined."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(self.lazy[cmd_name][0]), f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in self.lazy.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error of kb becomes a line on stderr and exit code 1."""
        # The driver tells of every transaction that it tries again; people are told of what fails for good.
        logging.getLogger("neo4j").setLevel(logging.ERROR)
        try:
            return super().invoke(ctx)
        except KbError as error:
            fail(str(error))


def fail(message: str) -> NoReturn:
    """Say what is wrong, and end with exit code 1."""
    click.echo(f"kb: {message}", err=True)
    sys.exit(1)
