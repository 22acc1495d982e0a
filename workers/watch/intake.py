"""Taking a file, in steps between which a crash loses nothing:

1. an atomic rename into ``taken/<delivery>/`` is the claim: of two watchers one gets the file;
2. its bytes go to the archive;
3. the ledger learns of it, in batches;
4. when it is settled there, it goes to ``failed/`` with the reason beside it, or is done: ``processed/`` then holds a hard
   link into the archive, or nothing, as the setting says. Of what was erased before nothing stays but the reason.

A start resumes what lies in ``taken/``: each step can be done again.
"""

import errno
import logging
import os
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from kb.archive import Archive, sync_folder
from kb.errors import Rejected, StillChanging
from kb.graph import Arrival, Lane, Ledger, Outcome
from kb.read import SIDECAR_SUFFIX, read_sidecar
from kb.records import Metadata
from kb.settings import Settings

log = logging.getLogger("kb.watch")

BULK = "bulk"
"""Files below this folder of the inbox are entered in the bulk lane: whatever else arrives overtakes them."""
_MOST_SIDECAR = 64 * 1024


class Intake:
    """The steps. ``unsettled`` are the deliveries that lie in taken/ and are in the ledger."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings, self._ledger, self._folder = settings, ledger, settings.folder
        self._archive = Archive(settings.folder.archive)
        self._claimed: list[str] = []
        self.unsettled: set[str] = set()

    def resume(self) -> None:
        """Find what an earlier run took and did not finish."""
        for folder in sorted(self._folder.taken.iterdir()) if self._folder.taken.exists() else []:
            if folder.is_dir():
                if self._file_of(folder.name) is None:
                    self._put_back(folder)
                else:
                    self._claimed.append(folder.name)

    def claim(self, paths: Sequence[Path]) -> int:
        """Step 1 for complete files of the inbox; returns how many this watcher got."""
        got = 0
        for path in paths:
            delivery = uuid.uuid4().hex
            target = self._folder.taken / delivery / path.relative_to(self._folder.inbox)
            try:
                if path.is_symlink() or not path.is_file():
                    continue
                target.parent.mkdir(parents=True)
                sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
                if sidecar.is_file() and not sidecar.is_symlink():
                    _move(sidecar, target.with_name(sidecar.name))
                _move(path, target)
            except FileNotFoundError:
                # Another watcher was faster, or somebody took the file back.
                self._put_back(self._folder.taken / delivery)
                continue
            sync_folder(target.parent)
            self._claimed.append(delivery)
            got += 1
        return got

    def enter(self) -> int:
        """Steps 2 and 3 for all that is claimed; returns their number. Raises GraphUnavailable: then call it again."""
        arrivals = [arrival for delivery in self._claimed if (arrival := self._arrival(delivery)) is not None]
        self._ledger.receive(arrivals)
        entered = {arrival.id for arrival in arrivals}
        self.unsettled |= entered
        self._claimed = [delivery for delivery in self._claimed if delivery not in entered]
        return len(entered)

    @property
    def waits(self) -> bool:
        """True while something claimed is not in the ledger yet."""
        return bool(self._claimed)

    def settle(self) -> int:
        """Step 4 for all deliveries that are final in the ledger; returns their number."""
        outcomes = self._ledger.outcomes(sorted(self.unsettled))
        final = [delivery for delivery, outcome in outcomes.items() if outcome.final]
        for delivery in final:
            self._file_away(delivery, outcomes[delivery])
            self.unsettled.discard(delivery)
        return len(final)

    def _arrival(self, delivery: str) -> Arrival | None:
        path = self._file_of(delivery)
        if path is None:
            return None
        relative = path.relative_to(self._folder.taken / delivery)
        size = path.stat().st_size
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
        except StillChanging:
            return None
        except Rejected as error:
            refused = str(error)
        return Arrival(
            id=delivery, path=str(relative), blob=blob, size=size, metadata=metadata, lane=lane, refused=refused
        )

    def _file_of(self, delivery: str) -> Path | None:
        found = [
            p for p in (self._folder.taken / delivery).rglob("*") if p.is_file() and not p.name.endswith(SIDECAR_SUFFIX)
        ]
        return found[0] if found else None

    def _put_back(self, folder: Path) -> None:
        """A sidecar whose file was not claimed returns to the inbox."""
        for sidecar in folder.rglob(f"*{SIDECAR_SUFFIX}"):
            target = self._folder.inbox / sidecar.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            sidecar.rename(target)
        shutil.rmtree(folder, ignore_errors=True)

    def _file_away(self, delivery: str, outcome: Outcome) -> None:
        path = self._file_of(delivery)
        if path is None:
            return
        goal = self._folder.failed if outcome.failed else self._folder.processed
        target = goal / path.relative_to(self._folder.taken / delivery)
        # The name of a blob already: the same bytes came before, or a crash cut this step off.
        if not (outcome.blob and self._archive.is_link(outcome.blob, target)):
            target = _free(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        if outcome.failed:
            target.with_name(target.name + ".reason.txt").write_text(f"{outcome.reason or 'unknown'}\n", "utf-8")
        if outcome.faults:
            lines = [f"{fault.locator}: {fault.reason}\n" for fault in outcome.faults]
            target.with_name(target.name + ".faults.txt").write_text("".join(lines), "utf-8")
        if not outcome.erased:
            self._keep(path, target, outcome)
        sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
        if sidecar.exists() and target.exists():
            _move(sidecar, target.with_name(target.name + SIDECAR_SUFFIX))
        shutil.rmtree(self._folder.taken / delivery, ignore_errors=True)

    def _keep(self, path: Path, target: Path, outcome: Outcome) -> None:
        """What failed is kept as it is; of what was read the archive has the bytes."""
        kept = not outcome.failed and bool(outcome.blob) and self._archive.has(outcome.blob)
        if not (kept and (self._settings.processed == "nothing" or self._archive.link(outcome.blob, target))):
            _move(path, target)


def _sidecar_of(path: Path) -> Metadata:
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    if not sidecar.exists():
        return Metadata()
    with sidecar.open("rb") as file:
        return read_sidecar(file.read(_MOST_SIDECAR))


def _move(source: Path, target: Path) -> None:
    """Rename; over the edge of a file system copy under a hidden name, sync and rename, then delete."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        hidden = target.with_name(f".{target.name}.moving")
        shutil.copy2(source, hidden)
        with hidden.open("rb") as copied:
            os.fsync(copied.fileno())
        hidden.rename(target)
        source.unlink()


def _free(path: Path) -> Path:
    """The path, with a number before its suffix if the name is taken."""
    number, found = 2, path
    while found.exists():
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return found
