"""Commands that hand the graph over: export."""

import hashlib

import click

from kb.cli.output import connected, json_option, say
from kb.graph import Ledger, canonical, dirty_blocks


@click.command("export")
@click.option(
    "--canonical", "canonical_", is_flag=True, help="Entities, evidence, facts and edges, as sorted JSON lines."
)
@click.option("--hash", "hash_", is_flag=True, help="Only the SHA-256 of what would be printed.")
@json_option
def export_command(canonical_: bool, hash_: bool, as_json: bool) -> None:
    """Print what the graph knows, one JSON record a line.

    The same articles give the same bytes, in whatever order and by however many workers they were read.
    """
    if not canonical_:
        raise click.UsageError("say which form: --canonical")
    digest, lines = hashlib.sha256(), 0
    with connected() as (_, graph):
        waiting = Ledger(graph).unfinished() + len(dirty_blocks(graph))
        if waiting:
            click.echo("kb: work is in progress: export again when `kb status` shows that all is done", err=True)
        for line in canonical(graph):
            digest.update(f"{line}\n".encode())
            lines += 1
            if not hash_:
                click.echo(line)
    if hash_:
        say(as_json, digest.hexdigest(), sha256=digest.hexdigest(), lines=lines)
