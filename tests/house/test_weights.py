"""The vendored weights are those that the manifest names."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path

WEIGHTS = Path(str(files("kb.extract").joinpath("weights")))


def test_every_vendored_file_has_the_hash_of_the_manifest() -> None:
    manifest = json.loads((WEIGHTS / "manifest.json").read_text("utf-8"))
    pipeline = WEIGHTS / "en_core_web_sm"
    found = {
        str(path.relative_to(pipeline)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in pipeline.rglob("*")
        if path.is_file()
    }
    assert found == manifest["files"]
