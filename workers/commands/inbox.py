"""Commands that fill the inbox, and take the examples out again."""

import os
import secrets
import shutil
from importlib.resources import files
from pathlib import Path, PurePath

import click

from kb.archive import Archive
from kb.clean import parse_date
from kb.cli.output import connected, json_option, say
from kb.errors import UsageFault
from kb.graph import look, purge
from kb.phrasing import counted
from kb.read import SIDECAR_SUFFIX
from kb.records import Metadata
from kb.settings import HomeFolder, Settings
from workers.watch.filters import InboxFilter
from workers.watch.intake import BULK
from workers.watch.moving import free

EXAMPLES = "examples"


@click.command("add")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--published", help="Publication date, as 2020-01-08 (or 2020-01, 2020).")
@click.option("--source", help="Who published: a name or a domain.")
@click.option("--url", help="Address of the article.")
@click.option("--title", help="Headline.")
@click.option("--translated", is_flag=True, help="It is a machine translation.")
@click.option("--bulk", is_flag=True, help="Let whatever else arrives overtake these.")
@json_option
def add_command(paths: tuple[Path, ...], bulk: bool, as_json: bool, **stated: str | bool | None) -> None:
    """Copy files into the inbox. What is stated here is believed before what a file says of itself.

    A name that is no file here is looked for among the files that kb has processed: so a date can be set later.
    """
    published = stated["published"]
    if isinstance(published, str) and parse_date(published) is None:
        raise UsageFault(f"--published {published}: write a date as 2020-01-08, 2020-01 or 2020")
    metadata = Metadata.model_validate({key: value for key, value in stated.items() if value})
    folder = Settings.load().folder
    folder.make()
    below = BULK if bulk else ""
    added = [str(put(folder, _find(folder, path), metadata, below)) for path in paths]
    say(as_json, f"{counted(len(added), 'file')} in {folder.inbox / below}", added=added)


@click.command("examples")
@click.argument("what", type=click.Choice(["add", "remove"]))
@json_option
def examples_command(what: str, as_json: bool) -> None:
    """Add the example articles that kb brings, or remove exactly these and all that only they stated."""
    if what == "add":
        folder = Settings.load().folder
        folder.make()
        number = add_examples(folder)
        say(as_json, f"{counted(number, 'example')} in {folder.inbox}", added=number)
        return
    with connected() as (settings, graph):
        archive = Archive(settings.folder.archive)
        articles = [article for article in look.articles(graph, limit=10_000) if article.example]
        for article in articles:
            for blob in purge(graph, article.id):
                archive.remove(blob)
        for goal in (settings.folder.processed, settings.folder.failed):
            shutil.rmtree(goal / EXAMPLES, ignore_errors=True)
    say(as_json, f"{counted(len(articles), 'example')} removed", removed=[article.id for article in articles])


def add_examples(folder: HomeFolder) -> int:
    """Put kb's own articles into the inbox, marked as examples; returns their number."""
    found = sorted(path for path in Path(str(files("kb").joinpath("examples"))).iterdir() if path.suffix != ".py")
    articles = [path for path in found if path.is_file()]
    for path in articles:
        put(folder, path, Metadata(example=True), EXAMPLES)
    return len(articles)


def put(folder: HomeFolder, path: Path, metadata: Metadata, below: str) -> Path:
    """Copy a file into the inbox so that the watcher sees it whole: its sidecar first, then a rename. Where it lies."""
    if not InboxFilter.is_delivery(PurePath(path.name)):
        raise UsageFault(f"{path}: the inbox leaves files of such names alone; give it another name first")
    inbox = folder.inbox / below
    inbox.mkdir(parents=True, exist_ok=True)
    hidden = inbox / f".{secrets.token_hex(8)}.added"
    shutil.copyfile(path, hidden)
    # With an old date they show the watcher that nothing more will be written.
    dates = path.stat().st_atime_ns, path.stat().st_mtime_ns
    os.utime(hidden, ns=dates)
    target = free(inbox / path.name)
    if metadata != Metadata():
        said = metadata.model_dump_json(exclude_none=True)
        sidecar = target.with_name(target.name + SIDECAR_SUFFIX)
        sidecar.write_text(f"{said}\n", "utf-8")
        os.utime(sidecar, ns=dates)
    hidden.rename(target)
    return target


def _find(folder: HomeFolder, path: Path) -> Path:
    candidates = [path, folder.processed / path, folder.failed / path]
    found = next((candidate for candidate in candidates if candidate.is_file()), None)
    if found is None:
        raise UsageFault(f"there is no file {path}, neither here nor in {folder.processed}")
    return found
