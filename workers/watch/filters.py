"""Which names in the inbox are deliveries, as data."""

from pathlib import PurePath

from kb.read import SIDECAR_SUFFIX


class InboxFilter:
    """The policy: hidden, temporary and partial files wait until they are renamed; sidecars go with their file."""

    hidden = (".", "~", "#")
    endings = (
        "~",
        ".part",
        ".partial",
        ".tmp",
        ".temp",
        ".crdownload",
        ".download",
        ".filepart",
        ".swp",
        ".swx",
        ".lock",
        ".!sync",
        ".sync",
        ".bak",
    )

    @classmethod
    def is_delivery(cls, path: PurePath) -> bool:
        """True for a path, relative to the inbox, that is to be taken once it is complete."""
        if any(part.startswith(cls.hidden) for part in path.parts):
            return False
        name = path.name.lower()
        return not name.endswith(cls.endings) and not name.endswith(SIDECAR_SUFFIX)
