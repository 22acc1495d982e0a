"""How a process is asked to end."""

import signal
import threading


def on_signal() -> threading.Event:
    """An event that SIGTERM or Ctrl-C sets, so that a loop can end after its step."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
