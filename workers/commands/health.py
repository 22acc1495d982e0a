"""Commands that look at the running system: status, doctor."""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import redis

from kb.cli.output import connected, json_option, print_records
from kb.errors import KbError
from kb.graph import Graph, check_schema, look
from kb.records import Record
from kb.settings import Settings
from workers.app import make_app
from workers.dispatch import queue_length
from workers.redis_url import client
from workers.services.redis_server import find_server
from workers.watch.watcher import scan

_LEAST_DISK = 2**30
_LEAST_GLIBC = (2, 34)


class Check(Record):
    """One thing that was looked at: ``advice`` says what to do where it is not well."""

    name: str
    well: bool
    found: str
    advice: str = ""


class Running(Record):
    """The running system: worker processes that answer, messages on the queue, files that wait in the inbox."""

    workers: int
    queue: int | None
    inbox: int


@click.command("status")
@json_option
def status_command(as_json: bool) -> None:
    """How the system stands: deliveries, articles and facts by state, workers, queue, files that wait."""
    with connected() as (settings, graph):
        found = look.status(graph)
        running = _running(settings)
    if as_json:
        return print_records([found, running])
    for name, counts in (("deliveries", found.deliveries), ("articles", found.articles), ("facts", found.facts)):
        click.echo(f"{name:11}" + (", ".join(f"{count} {key}" for key, count in counts.items()) or "none"))
    waiting = "" if found.oldest_waiting is None else f"; the oldest waits for {found.oldest_waiting:.0f} s"
    click.echo(f"{'workers':11}{running.workers} answering")
    click.echo(f"{'queue':11}{'away' if running.queue is None else f'{running.queue} messages'}{waiting}")
    click.echo(f"{'inbox':11}{running.inbox} files wait in {settings.folder.inbox}")
    return None


@click.command("doctor")
@json_option
def doctor_command(as_json: bool) -> None:
    """Check the machine and the running system. Exit code 1 if something is not well."""
    checks = list(_checks(Settings.load()))
    if as_json:
        print_records(checks)
    else:
        for check in checks:
            advice = f" → {check.advice}" if not check.well and check.advice else ""
            click.echo(f"{'ok  ' if check.well else 'BAD '} {check.name:10} {check.found}{advice}")
    sys.exit(0 if all(check.well for check in checks) else 1)


def _checks(settings: Settings) -> Iterator[Check]:
    yield _machine()
    yield _home(settings)
    yield _disk(settings)
    yield _attempt("redis", "start it with `kb up`, or set KB_REDIS_URL", lambda: _redis(settings))
    yield _attempt("graph", "start it with `kb up`, or set KB_GRAPH_URI", lambda: _graph(settings))
    yield _attempt("workers", "start them with `kb up`; their log is log/worker.log", lambda: _workers(settings))


def _machine() -> Check:
    _, version = platform.libc_ver()
    glibc = tuple(int(part) for part in version.split(".")[:2]) if version else (0, 0)
    system = f"{platform.system()} {platform.machine()}, glibc {version or 'none'}, Python {platform.python_version()}"
    well = platform.system() == "Linux" and platform.machine() == "x86_64" and glibc >= _LEAST_GLIBC
    advice = "the embedded servers need Linux x86_64 with glibc 2.34; elsewhere set KB_GRAPH_URI and KB_REDIS_URL"
    return Check(name="machine", well=well, found=system, advice=advice)


def _home(settings: Settings) -> Check:
    root = settings.folder.root
    place = root if root.exists() else next(parent for parent in root.parents if parent.exists())
    return Check(
        name="home", well=os.access(place, os.W_OK), found=str(root), advice="set KB_HOME to a folder of yours"
    )


def _disk(settings: Settings) -> Check:
    root = settings.folder.root
    free = shutil.disk_usage(root if root.exists() else Path(root.anchor)).free
    return Check(name="disk", well=free > _LEAST_DISK, found=f"{free / 2**30:.1f} GiB free", advice="make room on it")


def _attempt(name: str, advice: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name=name, well=True, found=check())
    except (KbError, redis.RedisError, OSError) as error:
        return Check(name=name, well=False, found=str(error), advice=advice)


def _redis(settings: Settings) -> str:
    if settings.redis_url is None:
        find_server()
    return f"answers, {queue_length(client(settings))} messages"


def _graph(settings: Settings) -> str:
    with Graph.connect(settings) as graph:
        check_schema(graph)
    return f"answers at {settings.graph_uri}"


def _workers(settings: Settings) -> str:
    number = _running(settings).workers
    if not number:
        raise OSError("no worker answers")
    return f"{number} processes answer"


def _running(settings: Settings) -> Running:
    try:
        queue = queue_length(client(settings))
        stats = make_app(settings).control.inspect(timeout=1.0).stats() or {}
    except (KbError, redis.RedisError, OSError):
        queue, stats = None, {}
    workers = sum(len(answer.get("pool", {}).get("processes", ())) for answer in stats.values())
    inbox = settings.folder.inbox
    return Running(workers=workers, queue=queue, inbox=len(list(scan(inbox))) if inbox.exists() else 0)
