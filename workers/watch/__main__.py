"""``python -m workers.watch``: the watcher as a process."""

import signal
import threading

from kb.logs import to_file
from kb.settings import Settings
from workers.watch.watcher import watch

if __name__ == "__main__":
    settings = Settings.load()
    to_file(settings.folder.log, "watch")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    watch(settings, stop)
