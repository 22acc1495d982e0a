"""Commands that need no server: extract, code, eval, settings."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from kb import extract
from kb.cli.explaining import explained, explained_lines
from kb.cli.group import fail
from kb.cli.output import json_option, say
from kb.errors import Rejected
from kb.evaluate import Scores, evaluate, prediction
from kb.ontology import Code
from kb.pipeline import read_documents, read_file
from kb.resolve import read_article
from kb.settings import Settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("extract")
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE…")
@click.option("--published", help="Publication date of all of them, as 2020-01-08.")
@click.option("--explain", is_flag=True, help="Each sentence: what fired, what came of it, what was rejected and why.")
@json_option
def extract_command(files: tuple[Path, ...], published: str | None, explain: bool, as_json: bool) -> None:
    """Print what files say: one JSON line an article, with facts and the sentences that state them.

    With --explain: in words, sentence by sentence; with --json as well, one JSON line an article.
    """
    extractor = extract.load()

    def show(file: Path) -> None:
        for document in read_documents(file, published):
            if not explain:
                reading = read_article(document, extractor.extract([document])[0])
                click.echo(json.dumps(prediction(reading, str(file)), ensure_ascii=False))
            elif as_json:
                click.echo(json.dumps(explained(document, extract.explain(document), file), ensure_ascii=False))
            else:
                click.echo("\n".join([*explained_lines(document, extract.explain(document), file), ""]))

    _each(files, show)


@click.command("code")
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE…")
@json_option
def code_command(files: tuple[Path, ...], as_json: bool) -> None:
    """Print the PLOVER events that sentences tell, whether or not their actors are named; see docs/codebook.md."""
    coder = extract.coder()

    def show(file: Path) -> None:
        for document in read_documents(file):
            for item in coder.code(document):
                quote = " ".join(document.text[item.start : item.end].split())
                words = f"{Code(item.event, item.mode)!s:24} {item.trigger:20} {quote}"
                say(as_json, words, file=str(file), quote=quote, **item.model_dump())

    _each(files, show)


@click.command("eval")
@click.argument("gold", type=_FOLDER, metavar="GOLD_DIR")
@json_option
def eval_command(gold: Path, as_json: bool) -> None:
    """Precision, recall and F1 against gold: a folder of NAME.txt with NAME.json (the annotation guide's form)."""
    extractor = extract.load()
    files = sorted(path for path in gold.glob("*.txt") if path.with_suffix(".json").exists())
    if not files:
        fail(f"{gold} holds no NAME.txt with a NAME.json beside it")
    lines = [
        prediction(reading, str(file))
        for file in track(files, "reading", console=Console(stderr=True))
        for reading in read_file(file, extractor)
    ]
    scores = evaluate(gold, lines)
    click.echo(scores.model_dump_json() if as_json else "\n".join(_table(scores)))


@click.command("settings")
@json_option
def settings_command(as_json: bool) -> None:
    """List all settings: environment variable, value, meaning. Secrets are masked."""
    settings = Settings.load()
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        row = {
            "name": f"KB_{name.upper()}",
            "value": None if value is None else str(value),
            "meaning": field.description,
        }
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            click.echo(
                f"{row['name']:26} {row['value'] if row['value'] is not None else '(unset)':34} {row['meaning']}"
            )


def _each(files: Sequence[Path], show: Callable[[Path], None]) -> None:
    """Show each file; those that cannot be read are told on stderr, and the command fails at its end."""
    failed = 0
    for file in files:
        try:
            show(file)
        except Rejected as error:
            failed += 1
            click.echo(f"kb: {file}: {error}", err=True)
    if failed:
        fail(f"{failed} of {len(files)} files could not be read")


def _table(scores: Scores) -> list[str]:
    rows = [
        f"{name:9} P {s.precision:.3f}  R {s.recall:.3f}  F1 {s.f1:.3f}   (right {s.tp}, extra {s.fp}, missed {s.fn})"
        for name, s in scores.types.items()
    ]
    slots = "  ".join(f"{name} {share.share}" for name, share in scores.slots.items())
    return [
        *rows,
        f"strict F1 (all slots right) {scores.strict_f1:.3f}   participants F1 {scores.participants_f1:.3f}",
        f"slots  {slots}",
        f"evidence spans {scores.evidence}, not verbatim {scores.not_verbatim}",
    ]
