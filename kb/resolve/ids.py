"""Ids are hashes of what they stand for, so that the same words give the same node on every machine."""

import hashlib
import json
from collections.abc import Sequence


def digest(*parts: str | int | Sequence[str] | None) -> str:
    """SHA-256 in hex over the parts as canonical JSON: parts cannot run into each other."""
    text = json.dumps([part if part is None or isinstance(part, str | int) else list(part) for part in parts])
    return hashlib.sha256(text.encode()).hexdigest()
