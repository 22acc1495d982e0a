"""The weights are the ones that were reviewed, with their licences."""

import hashlib
import json

from kb.extract.parsing import WEIGHTS


def test_every_file_of_the_weights_is_the_one_in_the_manifest() -> None:
    manifest = json.loads((WEIGHTS / "manifest.json").read_text("utf-8"))
    found = {
        path.relative_to(WEIGHTS).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in WEIGHTS.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == manifest


def test_licence_texts_lie_beside_the_weights() -> None:
    assert "MIT" in (WEIGHTS / "en_core_web_sm" / "LICENSE").read_text("utf-8")
    assert (WEIGHTS / "en_core_web_sm" / "LICENSES_SOURCES").stat().st_size > 0
    assert "en_core_web_sm" in (WEIGHTS / "en_core_web_sm" / "NOTICE").read_text("utf-8")
    assert "CC BY-SA 4.0" in (WEIGHTS / "encoder" / "NOTICE").read_text("utf-8")
    assert "Apache License" in (WEIGHTS / "encoder" / "LICENSE").read_text("utf-8")
