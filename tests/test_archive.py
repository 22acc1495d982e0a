import hashlib
import os
import resource
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.archive import Archive
from kb.errors import NotFound, StillChanging, StorageUnavailable, UnreadableFile

DATA = b"Two ministers met in a small town by the sea."
ID = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def files(archive: Archive) -> list[str]:
    return sorted(str(path.relative_to(archive.folder)) for path in archive.folder.rglob("*") if path.is_file())


def test_what_is_put_comes_back_under_its_hash(archive: Archive) -> None:
    assert archive.put(DATA) == ID
    assert archive.get(ID) == DATA
    assert files(archive) == [f"{ID[:2]}/{ID[2:]}"]


def test_the_same_bytes_again_write_nothing(archive: Archive) -> None:
    archive.put(DATA)
    path = archive.folder / ID[:2] / ID[2:]
    before = path.stat()
    assert archive.put(DATA) == ID
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_is_kept_like_its_bytes_and_stays_where_it_is(archive: Archive, tmp_path: Path) -> None:
    source = tmp_path / "article.txt"
    source.write_bytes(DATA * 100_000)
    blob = archive.put_file(source)
    assert blob == hashlib.sha256(DATA * 100_000).hexdigest()
    assert archive.put_file(source) == blob
    assert archive.get(blob) == source.read_bytes()
    assert files(archive) == [f"{blob[:2]}/{blob[2:]}"]


def test_a_file_written_while_it_is_copied_is_still_changing(archive: Archive, tmp_path: Path) -> None:
    source = tmp_path / "pipe"
    os.mkfifo(source)
    writer = threading.Thread(target=_write_and_touch, args=(source,))
    writer.start()
    with pytest.raises(StillChanging, match="pipe changed"):
        archive.put_file(source)
    writer.join()
    assert files(archive) == []


def _write_and_touch(source: Path) -> None:
    with source.open("wb") as pipe:
        pipe.write(DATA)
        pipe.flush()
        os.utime(source, ns=(1, 1))


def test_a_missing_file_is_no_blob(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        archive.put_file(tmp_path / "nothing")


def test_an_unknown_blob_is_named(archive: Archive) -> None:
    with pytest.raises(NotFound, match=ID):
        archive.get(ID)
    assert not archive.has(ID)


def test_damaged_bytes_are_never_given_out(archive: Archive) -> None:
    archive.put(DATA)
    (archive.folder / ID[:2] / ID[2:]).write_bytes(DATA + b"!")
    with pytest.raises(NotFound, match="damaged"):
        archive.get(ID)


def test_a_removed_blob_is_gone_and_can_be_removed_again(archive: Archive) -> None:
    archive.put(DATA)
    archive.remove(ID)
    archive.remove(ID)
    assert not archive.has(ID)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", ID.upper(), ID[:-1], ID + "0", f"{ID}\n", "/" + ID[1:]])
def test_nothing_but_64_hex_digits_becomes_a_path(archive: Archive, name: str) -> None:
    for door in (archive.get, archive.has, archive.remove):
        with pytest.raises(NotFound, match="64 hexadecimal digits"):
            door(name)


def test_many_writers_of_one_blob_leave_one_whole_blob(archive: Archive) -> None:
    writers = [threading.Thread(target=archive.put, args=(DATA,)) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert files(archive) == [f"{ID[:2]}/{ID[2:]}"]
    assert archive.get(ID) == DATA


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file grows above 100 kB: writing more fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_named_and_nothing_half_is_left(archive: Archive, full_disk: None) -> None:
    assert archive.put(DATA) == ID
    with pytest.raises(StorageUnavailable, match="make room"):
        archive.put(b"y" * 100_001)
    assert files(archive) == [f"{ID[:2]}/{ID[2:]}"]


def test_a_link_is_not_followed(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(DATA)
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(UnreadableFile):
        archive.put_file(tmp_path / "link")
    assert files(archive) == []


def test_a_blob_has_a_second_name_that_takes_no_room(archive: Archive, tmp_path: Path) -> None:
    archive.put(DATA)
    target = tmp_path / "article.txt"
    target.write_text("an earlier file of this name")
    for _ in range(2):
        assert archive.link(ID, target)
        assert target.samefile(archive.folder / ID[:2] / ID[2:])
    assert target.stat().st_mode & 0o777 == 0o400
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "article.txt"]
    assert not archive.link("0" * 64, target)


def test_the_heads_of_all_blobs_are_listed(archive: Archive) -> None:
    archive.put(DATA)
    archive.put(b"another")
    assert dict(archive.heads(7)) == {ID: DATA[:7], hashlib.sha256(b"another").hexdigest(): b"another"}


def test_only_what_nobody_writes_any_more_is_swept(archive: Archive) -> None:
    archive.put(DATA)
    old, new = archive.folder / ".part-old", archive.folder / ID[:2] / ".part-new"
    for path in (old, new):
        path.write_bytes(DATA)
    os.utime(old, (1, 1))
    archive.sweep()
    assert (old.exists(), new.exists(), archive.has(ID)) == (False, True, True)
