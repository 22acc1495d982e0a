"""The archive: written once, whole or not at all, and never outside its folder."""

import hashlib
from pathlib import Path

import pytest

from kb.archive import Archive
from kb.errors import NotFound


def test_bytes_come_back_under_their_hash(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    blob = archive.put(b"some words")
    assert blob == hashlib.sha256(b"some words").hexdigest()
    assert archive.get(blob) == b"some words"
    assert archive.put(b"some words") == blob


def test_a_file_is_kept_without_a_trace_of_the_copying(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    source = tmp_path / "big.txt"
    source.write_bytes(b"x" * 3_000_000)
    blob = archive.put_file(source)
    assert archive.get(blob) == source.read_bytes()
    assert [path.name for path in (tmp_path / "archive").iterdir()] == [blob[:2]]


def test_a_damaged_or_missing_blob_is_an_error_that_says_so(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    blob = archive.put(b"some words")
    (tmp_path / blob[:2] / blob[2:]).write_bytes(b"other words")
    with pytest.raises(NotFound, match="damaged"):
        archive.get(blob)
    archive.remove(blob)
    with pytest.raises(NotFound, match="has no blob"):
        archive.get(blob)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "/" + "0" * 63])
def test_a_name_that_is_no_hash_leads_nowhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound, match="no blob's id"):
        Archive(tmp_path).get(name)
