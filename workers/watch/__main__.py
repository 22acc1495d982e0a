"""``python -m workers.watch``: the watcher as a process."""

from kb.logs import to_file
from kb.settings import Settings
from workers.stopping import on_signal
from workers.watch.watcher import watch

if __name__ == "__main__":
    settings = Settings.load()
    to_file(settings.folder.log, "watch")
    watch(settings, on_signal())
