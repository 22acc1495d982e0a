"""Commands that need no server: extract, eval, settings."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from kb import extract
from kb.cli.group import fail
from kb.cli.output import json_option
from kb.errors import Rejected
from kb.evaluate import Scores, evaluate, prediction
from kb.pipeline import read_file
from kb.settings import Settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("extract")
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE…")
@click.option("--published", help="Publication date of all of them, as 2020-01-08.")
@json_option
def extract_command(files: tuple[Path, ...], published: str | None, as_json: bool) -> None:  # noqa: ARG001  always JSON
    """Print what files say: one JSON line an article, with facts and the sentences that state them."""
    extractor, failed = extract.load(), 0
    for file in files:
        try:
            for reading in read_file(file, extractor, published):
                click.echo(json.dumps(prediction(reading, str(file)), ensure_ascii=False))
        except Rejected as error:
            failed += 1
            click.echo(f"kb: {file}: {error}", err=True)
    if failed:
        fail(f"{failed} of {len(files)} files could not be read")


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
