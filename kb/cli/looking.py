"""Commands that look: facts, show, failures, query."""

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from kb.archive import Archive
from kb.cli.output import connected, json_option, print_records
from kb.graph import look, run_query
from kb.phrasing import article_lines, counted, fact_line, fact_lines, plover_line
from kb.readings import kept_reading
from kb.views import ArticleView, DeliveryView, EntityView, FactView, WithdrawnView


@click.command("facts")
@click.option("--type", "type_", help="meeting, pledge or alliance.")
@click.option("--actor", help="Somebody who takes part, in any spelling.")
@click.option("--status", help="occurred, planned, made, in_force …")
@click.option("--all", "all_", is_flag=True, help="Tentative facts as well.")
@click.option("--limit", default=50, show_default=True)
@json_option
def facts_command(
    type_: str | None, actor: str | None, status: str | None, all_: bool, limit: int, as_json: bool
) -> None:
    """List facts, the last reported first, with their sentences."""
    with connected() as (_, graph):
        found = look.facts(graph, type=type_, actor=actor, status=status, all=all_, limit=limit)
        tentative = 0 if all_ else look.count_tentative(graph)
    if as_json:
        return print_records(found)
    for fact in found:
        click.echo("\n".join([*fact_lines(fact), f"    id {fact.id[:16]}", ""]))
    note = f" ({counted(tentative, 'tentative fact')} not shown: --all)" if tentative else ""
    click.echo(f"{counted(len(found), 'fact')}{note}")
    return None


@click.command("show")
@click.argument("item_id", metavar="ID")
@json_option
def show_command(item_id: str, as_json: bool) -> None:
    """Show whatever has this id, or begins with it. Any evidence id ever issued leads to today's fact."""
    with connected() as (settings, graph):
        found = look.show(graph, item_id)
        if as_json:
            return print_records([found])
        match found:
            case FactView():
                lines = [found.summary, *fact_lines(found), f"    {plover_line(found)}"]
                lines += [f"    evidence {e.id[:16]}" for e in found.evidence]
            case ArticleView():
                facts = look.facts_by_id(graph, found.facts)
                lines = article_lines(found, *kept_reading(Archive(settings.folder.archive), found))
                lines += [fact_line(fact) for fact in facts]
            case EntityView():
                facts = look.facts_by_id(graph, found.facts)
                lines = [f"{found.kind.value} {found.name} ({found.id})", f"    {', '.join(found.names)}"]
                lines += [fact_line(fact) for fact in facts]
            case DeliveryView():
                lines = [f"delivery {found.path} {found.state} {found.reason or ''}", *found.articles]
            case WithdrawnView():
                lines = [f"withdrawn on {found.withdrawn[:10]}, because: {found.reason}", f"article {found.article_id}"]
    click.echo("\n".join(lines))
    return None


@click.command("failures")
@click.option("--traceback", is_flag=True, help="With the whole traceback.")
@json_option
def failures_command(traceback: bool, as_json: bool) -> None:
    """List what was set aside: the stage, the error's class and message, and the id for `kb retry`."""
    with connected() as (_, graph):
        found = look.failures(graph)
    if as_json:
        return print_records(found)
    for failure in found:
        click.echo(f"{failure.id[:16]}  {failure.name}  {failure.stage}: {failure.error_class}: {failure.message}")
        if traceback and failure.traceback:
            click.echo(failure.traceback)
    click.echo(f"{counted(len(found), 'failure')}{'; `kb retry ID` tries again' if found else ''}")
    return None


@click.command("query")
@click.argument("cypher")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter; VALUE is JSON, else a word.")
@json_option
def query_command(cypher: str, params: tuple[str, ...], as_json: bool) -> None:
    """Run a Cypher query that reads, within KB_QUERY_SECONDS, KB_QUERY_ROWS and KB_QUERY_BYTES."""
    with connected() as (settings, graph):
        parameters = dict(_parameter(text) for text in params)
        seconds, rows, size = settings.query_seconds, settings.query_rows, settings.query_bytes
        found = run_query(graph, cypher, parameters, seconds=seconds, rows=rows, size=size)
    if found.cut:
        click.echo(f"kb: {found.cut}", err=True)
    if as_json:
        for row in found.rows:
            click.echo(json.dumps(dict(zip(found.columns, row, strict=True)), ensure_ascii=False))
        return
    table = Table(*found.columns, box=None, pad_edge=False)
    for row in found.rows:
        table.add_row(
            *("" if value is None else value if isinstance(value, str) else json.dumps(value) for value in row)
        )
    Console(soft_wrap=True, markup=False, highlight=False).print(table)
    click.echo(f"{counted(len(found.rows), 'row')}{' (cut)' if found.cut else ''}")


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--param {text}: write NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
