"""Which process holds a lease, so that its neighbours on the same machine can tell when it is gone."""

import socket

import psutil


def this_process() -> str:
    """This process as "host:pid:time of start": a pid alone may be somebody else's later."""
    me = psutil.Process()
    return f"{socket.gethostname()}:{me.pid}:{me.create_time():.2f}"


def is_gone(holder: str) -> bool:
    """True if the holder ran on this machine and runs no more; of other machines we cannot tell."""
    host, _, rest = holder.rpartition(":")[0].rpartition(":")
    started = holder.rpartition(":")[2]
    if host != socket.gethostname() or not rest.isdigit():
        return False
    try:
        process = psutil.Process(int(rest))
        return f"{process.create_time():.2f}" != started or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
