"""Which names in the inbox are deliveries, as data."""

from pathlib import Path, PurePath

from kb.read import SIDECAR_SUFFIX


class InboxFilter:
    """The policy: hidden, temporary and partial files wait until they are renamed; sidecars go with their file.

    It holds for folders as well: a download that is a folder, and all that a sync tool keeps in a folder of its own.
    """

    hidden = (".", "~")
    """Dropbox's, Syncthing's and Nextcloud's own files, rsync's ``.name.XXXXXX``, office locks, macOS' ``._name``."""
    endings = (
        "~",
        ".part",
        ".partial",
        ".tmp",
        ".temp",
        ".crdownload",
        ".download",
        ".opdownload",
        ".filepart",
        ".incomplete",
        ".unfinished",
        ".aria2",
        ".swp",
        ".swx",
        ".lock",
        ".lck",
        ".!sync",
        ".!ut",
        ".sync",
        ".bak",
    )
    names = frozenset({"thumbs.db", "desktop.ini", "icon\r", "__macosx", "lost+found"})
    """What file managers and file systems leave in any folder."""
    companions = (".part", ".aria2")
    """Browsers and download tools put these beside an empty or preallocated file until it is whole."""

    @classmethod
    def is_delivery(cls, path: PurePath) -> bool:
        """True for a path, relative to the inbox, that is to be taken once it is complete."""
        return not any(cls.waits(part) for part in path.parts) and not path.name.lower().endswith(SIDECAR_SUFFIX)

    @classmethod
    def waits(cls, name: str) -> bool:
        """True for the name of a file or folder that is not to be touched under this name."""
        folded = name.lower()
        autosave = name.startswith("#") and name.endswith("#")
        return autosave or folded.startswith(cls.hidden) or folded.endswith(cls.endings) or folded in cls.names

    @classmethod
    def is_being_fetched(cls, path: Path) -> bool:
        """True while a tool's own file beside this one says that it is not whole yet."""
        return any(path.with_name(f"{path.name[:240]}{ending}").exists() for ending in cls.companions)
