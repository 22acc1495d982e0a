"""Logs of processes: one line a record, in a file of the home folder and, where a person looks on, on stderr."""

import logging
import logging.handlers
import time
from pathlib import Path

_FORMAT = "%(asctime)sZ %(levelname)s %(name)s[%(process)d] %(message)s"
_BYTES, _FILES = 5 * 2**20, 3


def to_file(folder: Path, name: str, level: int = logging.INFO) -> None:
    """Log this process to FOLDER/NAME.log, kept to 20 MB by rotation; times are UTC."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(folder / f"{name}.log", maxBytes=_BYTES, backupCount=_FILES)
    formatter = logging.Formatter(_FORMAT)
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    for chatty in ("trafilatura", "htmldate", "charset_normalizer", "neo4j", "watchfiles", "httpx"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
