"""Commands that change what the graph holds: retry, withdraw, migrate."""

import getpass

import click

from kb.cli.output import connected, json_option, say
from kb.erasure import erase_article
from kb.errors import NotFound
from kb.graph import Graph, Ledger, look, migrate, withdraw
from kb.graph.schema import VERSION
from kb.phrasing import counted
from kb.settings import Settings
from kb.views import ArticleView


@click.command("retry")
@click.argument("ids", nargs=-1, metavar="[ID]…")
@click.option("--class", "error_class", help="All failures of this error class.")
@click.option("--all", "all_", is_flag=True, help="All failures.")
@json_option
def retry_command(ids: tuple[str, ...], error_class: str | None, all_: bool, as_json: bool) -> None:
    """Try failed work again: by id (or its first eight characters), of one error class, or all."""
    if not (ids or error_class or all_):
        raise click.UsageError("say which: ID…, --class CLASS or --all (`kb failures` lists them)")
    with connected() as (_, graph):
        wanted = [_failed_id(graph, item) for item in ids] if ids else None
        number = Ledger(graph).retry(wanted, error_class)
    say(as_json, f"{counted(number, 'piece')} of work will be tried again", retried=number)


@click.command("withdraw")
@click.argument("article", metavar="ARTICLE")
@click.option("--reason", required=True, help="Why; it stays on record.")
@click.option("--erase", "erase_", is_flag=True, help="Remove its bytes, text and quotes everywhere, for good.")
@json_option
def withdraw_command(article: str, reason: str, erase_: bool, as_json: bool) -> None:
    """Take back what an article states. Facts that others state as well stay.

    With --erase nothing stays of it but its id and the reason, and the same bytes are refused from then on. A file that
    held other articles too is removed from processed/; these articles stay.
    """
    with connected() as (settings, graph):
        found = look.show(graph, article)
        if not isinstance(found, ArticleView):
            raise NotFound(f"{article} is no article's id")
        if erase_:
            done = erase_article(settings, graph, found.id, reason, getpass.getuser())
            removed = f"{counted(len(done.blobs), 'blob')} and {counted(len(done.files), 'file')} removed"
            words = f"erased: {found.id[:12]} ({removed}); {done.left}"
            return say(as_json, words, **done.model_dump(), reason=reason)
        withdraw(graph, found.id, reason, getpass.getuser())
    return say(as_json, f"withdrawn: {found.title or found.id}", withdrawn=found.id, reason=reason)


@click.command("migrate")
@json_option
def migrate_command(as_json: bool) -> None:
    """Bring the graph to this version's schema."""
    settings = Settings.load()
    with Graph.connect(settings) as graph:
        migrate(graph, settings)
    say(as_json, "the graph has this version's schema", schema=VERSION)


def _failed_id(graph: Graph, start: str) -> str:
    fitting = [failure.id for failure in look.failures(graph) if failure.id.startswith(start)]
    if len(fitting) != 1:
        raise NotFound(f"{start} is the id of {len(fitting) or 'no'} failures; `kb failures` lists them")
    return fitting[0]
