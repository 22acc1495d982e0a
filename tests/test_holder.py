"""Who holds a lease, and whether that process still runs."""

import socket
import subprocess
import sys

import psutil

from workers.holder import is_gone, this_process


def test_a_running_process_is_not_gone_and_an_ended_one_is() -> None:
    assert not is_gone(this_process())
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    holder = f"{socket.gethostname()}:{other.pid}:{psutil.Process(other.pid).create_time():.2f}"
    assert not is_gone(holder)
    other.communicate(b"\n")
    assert is_gone(holder)


def test_a_pid_that_was_given_away_again_is_gone_and_another_machine_cannot_be_told() -> None:
    host, pid, _ = this_process().split(":")
    assert is_gone(f"{host}:{pid}:1.00")
    assert not is_gone("another-machine:1:1.00")
    assert not is_gone("")
