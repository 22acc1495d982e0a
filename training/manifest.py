"""The list of what ships: every file of the weights with its SHA-256."""

import hashlib
import json
from pathlib import Path

WEIGHTS = Path(__file__).parents[1] / "kb" / "extract" / "weights"


def write_manifest() -> None:
    """Write ``manifest.json`` anew over the files that are there."""
    hashes = {
        path.relative_to(WEIGHTS).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(WEIGHTS.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }
    (WEIGHTS / "manifest.json").write_text(json.dumps(hashes, indent=1) + "\n", "utf-8")
