"""``kb up``: the running system, with what it finds told as it finds it."""

import logging
import signal
import sys
import time
from types import FrameType

import click

from kb.errors import KbError
from kb.graph import Graph
from kb.logs import to_file
from kb.phrasing import counted
from kb.settings import Settings
from workers.commands.inbox import add_examples
from workers.services.progress import Progress
from workers.services.supervisor import Supervisor, only_one

_LOOK_SECONDS = 0.5


@click.command("up")
@click.option("--once", is_flag=True, help="Work off the inbox, print what was found, and end.")
def up_command(once: bool) -> None:
    """Start all that is not already running, and tell what is found until Ctrl-C.

    Exit code of --once: 0, or 1 if any file failed.
    """
    settings = Settings.load()
    with only_one(settings):
        to_file(settings.folder.log, "up")
        supervisor = Supervisor(settings, click.echo, page=not once)
        stop = _Stop(supervisor)
        first = not any(settings.folder.archive.iterdir())
        try:
            supervisor.start()
            if first and supervisor.embedded and settings.examples and not once:
                add_examples(settings.folder)
            _greet(supervisor, once)
            failed = _run(supervisor, stop, once)
        except KbError:
            logging.getLogger("kb.up").exception("kb up ends")
            raise
        finally:
            supervisor.stop()
    sys.exit(1 if failed else 0)


class _Stop:
    """Ctrl-C or SIGTERM asks to stop; the second one hurries."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.asked = False
        self._supervisor = supervisor
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            self._supervisor.hurry = True
            click.echo("hurrying")
        else:
            click.echo("stopping in order (Ctrl-C again hurries)")
        self.asked = True


def _greet(supervisor: Supervisor, once: bool) -> None:
    folder = supervisor.settings.folder
    if once:
        click.echo(f"working off {folder.inbox}")
        return
    click.echo(f"\nDrop articles into  {folder.inbox}")
    click.echo(f"Watch them at       {supervisor.page_url}")
    click.echo("Ask the graph with  kb facts, kb query 'MATCH …' (another terminal). Ctrl-C stops everything.\n")


def _run(supervisor: Supervisor, stop: _Stop, once: bool) -> bool:
    """Tell what happens until told to stop, or with ``once`` until nothing waits; True if that did not go well."""
    with Graph.connect(supervisor.settings) as graph:
        progress = Progress(graph, supervisor.settings, click.echo)
        while not stop.asked:
            supervisor.watch_over()
            progress.step()
            if once and (progress.idle() or supervisor.broken):
                break
            time.sleep(_LOOK_SECONDS)
        if once:
            click.echo(f"{counted(progress.told, 'article')} read, {counted(progress.failed, 'file')} failed")
        return bool((once and progress.failed) or supervisor.broken)
