"""Moving files between the inbox and our own folders: nothing is overwritten, no link is followed, no name is too long."""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kb.erasure import BESIDE
from kb.read import SIDECAR_SUFFIX

_MOST_NUMBERS = 20
# File systems allow 255 bytes; a number, and the longest of what is put beside a file, must fit as well.
_MOST_NAME_BYTES = 255 - 20
# On another file system than ours a file is claimed by a rename into a folder of this name, beside it.
_CLAIMED = ".kb-claimed-"


@contextmanager
def folder_below(root: Path, relative: Path) -> Iterator[int]:
    """A handle of a folder below ``root``. Raises OSError where one of the folders on the way is a link."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in relative.parts:
            deeper = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handle)
            os.close(handle)
            handle = deeper
        yield handle
    finally:
        os.close(handle)


def take(folder: int, name: str, target: Path, delivery: str) -> None:
    """Move a regular file, and its sidecar, out of an open folder to ``target``; a rename is the claim.

    Raises FileNotFoundError when somebody else was faster, and for what is no regular file.
    """
    if not _is_file(folder, name):
        raise FileNotFoundError(name)
    sidecar = name + SIDECAR_SUFFIX
    try:
        if _is_file(folder, sidecar):
            os.rename(sidecar, target.with_name(target.name + SIDECAR_SUFFIX), src_dir_fd=folder)
        os.rename(name, target, src_dir_fd=folder)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _take_over_the_edge(folder, name, target, _CLAIMED + delivery)
    if not stat.S_ISREG(target.lstat().st_mode):
        # It became a link between the look and the rename. It goes, unread; what it points to stays.
        target.unlink()
        raise FileNotFoundError(name)


def give_back(inbox: Path, is_whole: Callable[[str], bool]) -> None:
    """Undo claims that a crash left half-way over the edge of a file system, unless their delivery is whole."""
    folders = [inbox]
    while folders:
        folder = folders.pop()
        for name in _folders_in(folder):
            if name.startswith(_CLAIMED):
                left = folder / name
                if not is_whole(name.removeprefix(_CLAIMED)):
                    put_back(left, folder)
                shutil.rmtree(left, ignore_errors=True)
            elif not name.startswith("."):
                folders.append(folder / name)


def put_back(folder: Path, goal: Path) -> None:
    """Move all files below a folder to the same places below ``goal``, or to free names; a sidecar goes with its file.

    A sidecar that has lost its file returns, unless there is a newer one by now.
    """
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    for path in found:
        if path.name.startswith(".") or path.name.endswith(SIDECAR_SUFFIX):
            continue
        target = free(goal / path.relative_to(folder))
        sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
        if sidecar in found:
            move(sidecar, target.with_name(target.name + SIDECAR_SUFFIX))
        move(path, target)
    for path in found:
        target = goal / path.relative_to(folder)
        if path.name.endswith(SIDECAR_SUFFIX) and path.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            move(path, target)


def free(path: Path) -> Path:
    """A name like this one, short enough, where neither a file lies nor what is put beside a file; now it is kept.

    A file that lies where a folder is needed leads to another folder, with a number.
    """
    folder = _folder(path.parent)
    stem, suffix = _short(path.name)
    number = 0
    while True:
        number += 1
        # Small numbers are for people; a name that comes again every day must not make each search longer.
        mark = "" if number == 1 else f"-{number}" if number <= _MOST_NUMBERS else f"-{secrets.token_hex(4)}"
        found = folder / f"{stem}{mark}{suffix}"
        if not any(os.path.lexists(f"{found}{ending}") for ending in BESIDE):
            with suppress(FileExistsError):
                found.touch(exist_ok=False)
                return found


def move(source: Path, target: Path) -> None:
    """Rename; over the edge of a file system copy under a hidden name, sync and rename, then delete."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(os.open(source, os.O_RDONLY | os.O_NOFOLLOW), target)
        source.unlink(missing_ok=True)


def _take_over_the_edge(folder: int, name: str, target: Path, claimed: str) -> None:
    os.mkdir(claimed, 0o700, dir_fd=folder)
    own = os.open(claimed, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
    # The sidecar comes first at both steps: whoever sees the file sees what belongs to it.
    pair = [one for one in (name + SIDECAR_SUFFIX, name) if _is_file(folder, one)]
    try:
        for one in pair:
            os.rename(one, one, src_dir_fd=folder, dst_dir_fd=own)
        for one in pair:
            source = os.open(one, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=own)
            _copy(source, target.with_name(target.name + one.removeprefix(name)))
        for one in pair:
            os.unlink(one, dir_fd=own)
    except OSError:
        for one in pair:
            if _is_file(own, one) and not _is_file(folder, one):
                os.rename(one, one, src_dir_fd=own, dst_dir_fd=folder)
        raise
    finally:
        os.close(own)
        # What could not go back, because another file has the name by now, is given back at the next start.
        with suppress(OSError):
            os.rmdir(claimed, dir_fd=folder)


def _copy(source: int, target: Path) -> None:
    """Copy what a handle is open for, and close it; the target appears when it is whole."""
    hidden = target.with_name(f".{secrets.token_hex(8)}.moving")
    try:
        with open(source, "rb") as original, hidden.open("xb") as copy:
            shutil.copyfileobj(original, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())
        hidden.rename(target)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise


def _is_file(folder: int, name: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _folders_in(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []


def _folder(path: Path) -> Path:
    """This folder, made; or one with a number, where a file lies in its way."""
    for above in [*reversed(path.parents), path]:
        if os.path.lexists(above) and not above.is_dir():
            number = 2
            while (other := above.with_name(f"{above.name[:200]}-{number}")).exists() and not other.is_dir():
                number += 1
            return _folder(other / path.relative_to(above))
    path.mkdir(parents=True, exist_ok=True)
    return path


def _short(name: str) -> tuple[str, str]:
    """Stem and suffix of a name, the stem cut so that both together are short enough."""
    suffix = Path(name).suffix
    suffix = suffix if len(os.fsencode(suffix)) <= 20 else ""
    stem = name.removesuffix(suffix)
    while len(os.fsencode(stem + suffix)) > _MOST_NAME_BYTES:
        stem = stem[:-1]
    return stem, suffix
