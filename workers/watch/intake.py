"""Taking a file, in steps between which a crash loses nothing:

1. an atomic rename into ``taken/<delivery>/`` is the claim: of two watchers one gets the file;
2. its bytes go to the archive;
3. the ledger learns of it, in batches;
4. when it is settled there, it goes to ``failed/`` with the reason beside it, or is done: ``processed/`` then holds a hard
   link into the archive, or nothing, as the setting says. Of what was erased before nothing stays but the reason.

What lies in ``taken/`` is gone through round by round, a page at a time: what the ledger knows nothing of (a crash came
between the steps) is entered, what is final in it goes on. So each step can be done again, and memory does not grow with
what waits.
"""

import errno
import itertools
import logging
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kb.archive import Archive, reading, sync_folder, writing
from kb.erasure import FAULTS, REASON
from kb.errors import Rejected, StillChanging, StorageUnavailable, UnreadableFile
from kb.graph import Arrival, Lane, Ledger, Outcome
from kb.phrasing import legible
from kb.read import SIDECAR_SUFFIX, read_sidecar
from kb.records import Metadata
from kb.settings import Settings
from workers.watch import moving

log = logging.getLogger("kb.watch")

BULK = "bulk"
"""Files below this folder of the inbox are entered in the bulk lane: whatever else arrives overtakes them."""
_MOST_SIDECAR = 64 * 1024
_PAGE = 1000
# A disk commits what several threads force to it in one go; each thread holds one piece of a file in memory.
_COPIES = 8
# A folder in taken/ without a file in it may be one that another watcher is just filling.
_ABANDONED_SECONDS = 10.0
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


class Intake:
    """The steps. ``unsettled``: how many entered deliveries wait in taken/, as of the last whole round through it."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings, self._ledger, self._folder = settings, ledger, settings.folder
        self._archive = Archive(settings.folder.archive)
        self._claimed: list[str] = []
        self._round: Iterator[str] = iter(())
        self._seen = 0
        self._stuck: set[Path] = set()
        self._told: set[Path] = set()
        self.unsettled = 0

    def resume(self) -> None:
        """Undo what an earlier run had half done in the inbox. What it had taken, ``settle`` finds."""
        moving.give_back(
            self._folder.inbox,
            lambda delivery: self._file_of(delivery) is not None or bool(self._ledger.outcomes([delivery])),
        )

    def claim(self, paths: Sequence[Path]) -> int:
        """Step 1 for complete files of the inbox; returns how many this watcher got.

        Raises StorageUnavailable when there is less room on the disk than is to stay free; the files stay in the inbox.
        """
        self._demand_room()
        got = 0
        for path in paths:
            delivery = uuid.uuid4().hex
            try:
                self._claim(path, delivery)
            except OSError as error:
                with writing(self._folder.taken):
                    self._put_back(self._folder.taken / delivery)
                self._explain(path, error)
            else:
                self._claimed.append(delivery)
                got += 1
        return got

    def enter(self) -> int:
        """Steps 2 and 3 for all that is claimed; returns how many deliveries that were.

        Raises GraphUnavailable or StorageUnavailable: then call it again later.
        """
        self._demand_room()
        arrivals, full, left = [], None, []
        with ThreadPoolExecutor(_COPIES) as pool:
            for delivery, copy in [(each, pool.submit(self._arrival, each)) for each in self._claimed]:
                try:
                    if arrival := copy.result():
                        arrivals.append(arrival)
                except (StillChanging, StorageUnavailable) as error:
                    full = error if isinstance(error, StorageUnavailable) else full
                    left.append(delivery)
        if arrivals:
            with writing(self._folder.taken):
                sync_folder(self._folder.taken)
        self._ledger.receive(arrivals)
        self._claimed = left
        self.unsettled += len(arrivals)
        if full:
            raise full
        return len(arrivals)

    @property
    def waits(self) -> bool:
        """True while something claimed is not in the ledger yet."""
        return bool(self._claimed)

    def is_stuck(self, path: Path) -> bool:
        """True for a file that could not be moved out of the inbox when we last tried."""
        return path in self._stuck

    def forget_stuck(self) -> None:
        """Try again to move what could not be moved."""
        self._stuck.clear()

    def settle(self) -> int:
        """Step 4 for those deliveries of the next page of taken/ that are final; returns their number."""
        page = list(itertools.islice(self._round, _PAGE))
        if len(page) < _PAGE:
            self.unsettled, self._seen = self._seen, 0
            self._round = _folders(self._folder.taken)
            page += itertools.islice(self._round, _PAGE - len(page))
        claimed = set(self._claimed)
        page = sorted({delivery for delivery in page if delivery not in claimed})
        outcomes = self._ledger.outcomes(page)
        self._claimed += [delivery for delivery in page if delivery not in outcomes]
        final = [delivery for delivery, outcome in outcomes.items() if outcome.final]
        for delivery in final:
            with writing(self._folder.root):
                self._file_away(delivery, outcomes[delivery])
        self._seen += len(outcomes) - len(final)
        return len(final)

    def _claim(self, path: Path, delivery: str) -> None:
        relative = path.relative_to(self._folder.inbox)
        own = self._folder.taken / delivery
        target = own / relative
        try:
            target.parent.mkdir(parents=True)
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            own.mkdir(exist_ok=True)
            target = own / path.name
        with moving.folder_below(self._folder.inbox, relative.parent) as folder:
            moving.take(folder, path.name, target, delivery)

    def _explain(self, path: Path, error: OSError) -> None:
        """A file that is gone is another watcher's, or was taken back; of others a person must know."""
        if isinstance(error, FileNotFoundError):
            return
        if error.errno in _NO_ROOM:
            with writing(self._folder.taken):
                raise error
        self._stuck.add(path)
        if path in self._told:
            return
        self._told.add(path)
        log.warning("%s stays in the inbox, it cannot be moved: %s", legible(str(path)), error.strerror)

    def _demand_room(self) -> None:
        free = shutil.disk_usage(self._folder.root).free
        if free < self._settings.disk_reserve_bytes:
            raise StorageUnavailable(
                f"{free / 2**20:,.0f} MiB are free on the disk of {self._folder.root}, and "
                f"{self._settings.disk_reserve_bytes / 2**20:,.0f} MiB are to stay so (KB_DISK_RESERVE_BYTES); "
                "make room, and intake goes on by itself"
            )

    def _arrival(self, delivery: str) -> Arrival | None:
        """What the ledger is to know of a claimed file, its bytes in the archive; ``None`` when there is none."""
        path = self._file_of(delivery)
        if path is None:
            self._put_back(self._folder.taken / delivery, older=_ABANDONED_SECONDS)
            return None
        relative = path.relative_to(self._folder.taken / delivery)
        with writing(self._folder.taken):
            # The claim must outlive a power cut before the ledger tells of it.
            for folder in path.parents[: len(relative.parts)]:
                sync_folder(folder)
        size = path.lstat().st_size
        lane: Lane = "bulk" if relative.parts[0] == BULK and len(relative.parts) > 1 else "live"
        blob, metadata, refused = "", Metadata(), None
        try:
            metadata = _sidecar_of(path)
            if size > self._settings.max_file_bytes:
                refused = (
                    f"the file has {size:,} bytes; the limit is {self._settings.max_file_bytes:,} (KB_MAX_FILE_BYTES)"
                )
            else:
                blob = self._archive.put_file(path)
        except Rejected as error:
            refused = str(error)
        except FileNotFoundError:
            return None
        return Arrival(
            id=delivery,
            path=legible(str(relative)),
            blob=blob,
            size=size,
            metadata=metadata,
            lane=lane,
            refused=refused,
        )

    def _file_of(self, delivery: str) -> Path | None:
        found = (path for path in sorted((self._folder.taken / delivery).rglob("*")) if _is_delivered(path))
        return next(found, None)

    def _put_back(self, folder: Path, older: float = 0.0) -> None:
        """A claim that came to nothing: whatever of it lies in taken/ returns to the inbox."""
        try:
            if time.time() - folder.stat().st_mtime < older:
                return
        except FileNotFoundError:
            return
        moving.put_back(folder, self._folder.inbox)
        shutil.rmtree(folder, ignore_errors=True)

    def _file_away(self, delivery: str, outcome: Outcome) -> None:
        path = self._file_of(delivery)
        if path is not None:
            goal = self._folder.failed if outcome.failed else self._folder.processed
            target = goal / path.relative_to(self._folder.taken / delivery)
            # The name of a blob already: the same bytes came before, or a crash cut this step off.
            if not (outcome.blob and self._archive.is_link(outcome.blob, target)):
                target = moving.free(target)
            try:
                self._move_away(path, target, outcome)
            except FileNotFoundError:
                # Another watcher has filed it away meanwhile.
                target.unlink(missing_ok=True)
        shutil.rmtree(self._folder.taken / delivery, ignore_errors=True)

    def _move_away(self, path: Path, target: Path, outcome: Outcome) -> None:
        if outcome.failed:
            reason = f"{outcome.reason or 'unknown'}\n"
            target.with_name(target.name + REASON).write_text(reason, "utf-8", "backslashreplace")
        if outcome.faults:
            lines = [f"{fault.locator}: {fault.reason}\n" for fault in outcome.faults]
            target.with_name(target.name + FAULTS).write_text("".join(lines), "utf-8", "backslashreplace")
        if outcome.erased:
            target.unlink(missing_ok=True)
        else:
            self._keep(path, target, outcome)
        sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
        if _is_there(sidecar) and target.exists():
            moving.move(sidecar, target.with_name(target.name + SIDECAR_SUFFIX))

    def _keep(self, path: Path, target: Path, outcome: Outcome) -> None:
        """What failed is kept as it is; of what was read the archive has the bytes."""
        archived = not outcome.failed and bool(outcome.blob) and self._archive.has(outcome.blob)
        if archived and self._settings.processed == "nothing":
            if not self._archive.is_link(outcome.blob, target):
                target.unlink(missing_ok=True)
        elif not (archived and self._archive.link(outcome.blob, target)):
            moving.move(path, target)


def _folders(taken: Path) -> Iterator[str]:
    with os.scandir(taken) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield entry.name


def _is_delivered(path: Path) -> bool:
    named = not path.name.startswith(".") and not path.name.endswith(SIDECAR_SUFFIX)
    return named and path.is_file() and not path.is_symlink()


def _is_there(sidecar: Path) -> bool:
    return os.path.lexists(sidecar) and sidecar.is_file() and not sidecar.is_symlink()


def _sidecar_of(path: Path) -> Metadata:
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    if not _is_there(sidecar):
        return Metadata()
    if sidecar.stat().st_size > _MOST_SIDECAR:
        raise UnreadableFile(f"The sidecar has more than {_MOST_SIDECAR:,} bytes.")
    with reading(sidecar):
        return read_sidecar(sidecar.read_bytes())
