"""The embedded servers, and the processes of a home folder."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import redis

from kb.errors import UsageFault
from kb.settings import Settings
from workers.redis_url import celery_url, client
from workers.services.arcadedb import EmbeddedGraph
from workers.services.processes import Registry, process_of, stop_tree
from workers.services.redis_server import EmbeddedRedis
from workers.services.supervisor import only_one


def test_redis_keeps_what_it_was_told_over_a_restart(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path / "redis", tmp_path / "log")
    server.start()
    settings = Settings.model_validate(server.settings())
    client(settings).rpush("queue", "a message")
    server.stop()
    again = EmbeddedRedis(tmp_path / "redis", tmp_path / "log")
    again.start()
    try:
        assert client(settings).lrange("queue", 0, -1) == [b"a message"]
    finally:
        again.stop()


def test_redis_is_private(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path / "redis", tmp_path / "log")
    server.start()
    try:
        assert (server.folder.stat().st_mode & 0o777, server.socket.parent.stat().st_mode & 0o777) == (0o700, 0o700)
        assert (server.folder / "password").stat().st_mode & 0o777 == 0o600
        assert psutil.Process(server.pid).net_connections("inet") == []
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(unix_socket_path=str(server.socket)).ping()
        assert celery_url(Settings.model_validate(server.settings())).startswith("redis+socket://:")
    finally:
        server.stop()


def test_a_long_home_gets_a_short_socket(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path / ("long" * 40), tmp_path / "log")
    assert len(str(server.socket)) < 100
    server.start()
    server.stop()


def test_the_graph_listens_on_loopback_only_and_keeps_its_password_private(embedded_server: EmbeddedGraph) -> None:
    addresses = {
        c.laddr.ip for c in psutil.Process(embedded_server.pid).net_connections("inet") if c.status == "LISTEN"
    }
    assert {address.removeprefix("::ffff:") for address in addresses} <= {"127.0.0.1", "::1"}
    assert (embedded_server.folder / "credentials.json").stat().st_mode & 0o777 == 0o600


def test_what_was_left_behind_is_found_and_stopped_with_its_children(tmp_path: Path) -> None:
    sleep = "import time; time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '{sleep}']); {sleep}"
    left = subprocess.Popen([sys.executable, "-c", parent], start_new_session=True)
    registry = Registry(tmp_path)
    registry.remember("sleeper", left.pid)
    process = psutil.Process(left.pid)
    while not process.children():
        pass
    (child,) = process.children()
    assert [known.name for known in Registry(tmp_path).stop_leftovers(grace=2)] == ["sleeper"]
    left.wait(5)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
    assert Registry(tmp_path).running() == []


def test_a_pid_that_is_somebody_elses_by_now_is_left_alone(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.remember("me", os.getpid())
    (known,) = registry.running()
    assert process_of(known) is not None
    assert process_of(known.model_copy(update={"created": known.created - 100})) is None
    registry.forget("me")
    assert registry.running() == []


def test_a_process_that_does_not_end_is_killed() -> None:
    stubborn = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
    )
    assert stubborn.stdout is not None
    stubborn.stdout.readline()
    stop_tree(psutil.Process(stubborn.pid), grace=0.3)
    assert not psutil.pid_exists(stubborn.pid)
    stubborn.wait(5)
    stubborn.stdout.close()


def test_a_second_kb_up_on_the_same_home_is_told_so(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with only_one(settings), pytest.raises(UsageFault, match="already running"), only_one(settings):
        raise AssertionError("two at once")
