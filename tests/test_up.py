"""The whole journey: a dropped file becomes a cited fact, whatever is killed on the way."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner, Result

from kb.errors import GraphUnavailable
from kb.graph import Graph, look
from kb.settings import Settings
from tests.system import System, running, states
from workers.cli import kb
from workers.services.arcadedb import EmbeddedGraph
from workers.services.redis_server import EmbeddedRedis

pytestmark = [pytest.mark.live, pytest.mark.timeout(180)]

ARTICLE = """News from the north

Erna Solberg met Angela Merkel in Oslo on January 8, 2020.

Norway pledged to send two ships to the Baltic by June 2030.
"""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("up") / "home") as found:
        yield found


@pytest.fixture(scope="module")
def connection(system: System) -> Iterator[Graph]:
    with Graph.connect(system.settings()) as found:
        yield found


def _kb(system: System, *words: str) -> Result:
    return CliRunner().invoke(kb, list(words), env={"KB_HOME": str(system.home)})


def _done(system: System, connection: Graph, number: int) -> None:
    system.wait("the article", lambda: states(connection, "Article").count("done") >= number)


def test_a_dropped_file_becomes_facts_that_are_told_with_their_sentences(system: System, connection: Graph) -> None:
    begun = time.monotonic()
    system.drop("sub/north.txt", ARTICLE)
    _done(system, connection, 1)
    assert time.monotonic() - begun < 30
    line = "MEETING occurred · Angela Merkel – Erna Solberg · Oslo · 2020-01-08 · 1 sentence"
    system.wait("the line", lambda: line in system.output)
    assert "“Erna Solberg met Angela Merkel in Oslo on January 8, 2020.”" in system.output
    assert "publication date unknown" in system.output
    assert "kb add sub/north.txt --published 2020-01-08" in system.output
    system.wait("the file", (system.home / "processed" / "sub" / "north.txt").exists)


def test_the_same_bytes_again_are_a_duplicate(system: System, connection: Graph) -> None:
    system.drop("again.txt", ARTICLE)
    system.wait("the delivery", lambda: "duplicate" in states(connection, "Delivery"))
    assert states(connection, "Article") == ["done"]
    assert len(look.facts(connection, all=True)) == 2


def test_a_date_that_is_added_later_is_believed(system: System, connection: Graph) -> None:
    assert _kb(system, "add", "sub/north.txt", "--published", "2020-01-09").exit_code == 0
    system.wait("the date", lambda: [a.published for a in look.articles(connection)] == ["2020-01-09"])
    _done(system, connection, 1)


def test_one_record_of_many_that_is_bad_is_named_and_the_others_go_on(system: System, connection: Graph) -> None:
    records = [
        json.dumps({"title": f"Note {n}", "text": f"Norway pledged to plant {n} thousand trees."}) for n in (2, 3)
    ]
    system.drop("many.jsonl", "\n".join([records[0], "{broken", records[1]]))
    _done(system, connection, 3)
    faults = system.home / "processed" / "many.jsonl.faults.txt"
    system.wait("the file", faults.exists)
    assert "line 2" in faults.read_text()


def test_what_cannot_be_read_ends_in_failed_with_the_reason(system: System, connection: Graph) -> None:
    words = "El presidente se reunió el lunes con la ministra en la capital para hablar de la paz y del comercio. " * 3
    system.drop("es.txt", words)
    reason = system.home / "failed" / "es.txt.reason.txt"
    system.wait("the reason", reason.exists)
    assert "Spanish" in reason.read_text()


def test_the_commands_answer(system: System, connection: Graph) -> None:
    facts = _kb(system, "facts", "--actor", "solberg", "--all")
    assert "MEETING occurred · Angela Merkel – Erna Solberg" in facts.output
    (fact,) = [
        json.loads(line) for line in _kb(system, "facts", "--type", "meeting", "--all", "--json").output.splitlines()
    ]
    for shown in (fact["id"][:12], fact["evidence"][0]["id"]):
        assert "Angela Merkel and Erna Solberg met in Oslo" in _kb(system, "show", shown).output
    status = _kb(system, "status")
    assert "1 answering" in status.output
    assert "3 done" in status.output
    assert _kb(system, "failures").output.startswith("0 failures")
    rows = _kb(system, "query", "MATCH (a:Entity)-[m:MET]-(b) RETURN DISTINCT m.date AS day", "--json")
    assert [json.loads(line) for line in rows.output.splitlines()] == [{"day": "2020-01-08"}]
    refused = _kb(system, "query", "MATCH (n) DELETE n")
    assert (refused.exit_code, "DELETE is not allowed" in refused.output) == (1, True)
    doctor = _kb(system, "doctor")
    assert doctor.exit_code == 0, doctor.output
    assert _kb(system, "retry", "--all").output.startswith("0 pieces")


def test_withdrawing_an_article_takes_its_facts_back(system: System, connection: Graph) -> None:
    system.drop("hoax.txt", "Kenya signed a deal with Japan on railways, it was said in the capital on Monday.")
    system.wait("the fact", lambda: look.facts(connection, type="alliance", all=True))
    (fact,) = look.facts(connection, type="alliance", all=True)
    article, evidence = fact.evidence[0].article_id, fact.evidence[0].id
    assert _kb(system, "withdraw", article[:12], "--reason", "a hoax").exit_code == 0
    assert look.facts(connection, type="alliance", all=True) == ()
    assert "because: withdrawn: a hoax" in _kb(system, "show", evidence).output


def test_a_worker_that_is_killed_loses_nothing(system: System, connection: Graph) -> None:
    done = states(connection, "Article").count("done")
    for number in range(20):
        system.drop(f"kill-{number}.txt", f"Norway pledged to build {number + 10} new bridges over the river by 2031.")
    workers = [p for p in system.processes() if "celery" in " ".join(p.cmdline())]
    for worker in workers:
        worker.kill()
    _done(system, connection, done + 20)
    assert "failed" not in states(connection, "Article")
    assert len(look.facts(connection, type="pledge", all=True, limit=100)) == 20 + 3


@pytest.mark.parametrize("server", ["graph", "redis"])
def test_a_server_that_is_killed_is_started_again_and_work_goes_on(
    system: System, connection: Graph, server: str
) -> None:
    done = states(connection, "Article").count("done")
    system.drop(f"before-{server}.txt", f"Chile pledged to plant trees beside the road before the {server} went away.")
    known = json.loads((system.home / "run" / f"{server}.pid.json").read_text())
    os.kill(known["pid"], signal.SIGKILL)
    system.drop(f"after-{server}.txt", f"Chile pledged to plant trees beside the road after the {server} went away.")
    system.wait("its return", lambda: f"{server} ended with code -9; it is started again" in system.output)
    system.wait("both articles", lambda: _done_now(connection) == done + 2, seconds=90)
    assert "failed" not in states(connection, "Article")


def _done_now(connection: Graph) -> int:
    try:
        return states(connection, "Article").count("done")
    except GraphUnavailable:
        return 0


def test_the_first_start_offers_examples_and_the_next_goes_on_after_a_stop_in_order(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home, KB_EXAMPLES="true") as first:
        with Graph.connect(first.settings()) as graph:
            first.wait("the examples", lambda: states(graph, "Article").count("done") == 14)
            assert all(article.example for article in look.articles(graph))
            first.wait("their files", lambda: not any((home / "taken").iterdir()))
            assert _kb(first, "examples", "remove").output == "14 examples removed\n"
            assert states(graph, "Article") == states(graph, "Delivery") == []
        assert not [path for path in (home / "archive").rglob("*") if path.is_file()]
        assert first.stop() == 0
        order = [line.removeprefix("stopping ") for line in first.output.splitlines() if line.startswith("stopping ")]
        assert order[-6:] == ["watch", "dispatch", "workers", "dashboard", "redis", "graph"]
        assert first.processes() == []
        first.drop("later.txt", ARTICLE)
    with running(home, "--once") as second:
        assert second.process.wait(90) == 0
        assert "MEETING occurred" in second.output
        assert "1 article read, 0 files failed" in second.output
        assert second.processes() == []


def test_once_says_by_its_exit_code_that_a_file_failed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "inbox").mkdir(parents=True)
    (home / "inbox" / "empty.txt").write_text("")
    with running(home, "--once") as system:
        assert system.process.wait(90) == 1
        assert "the file is empty" in system.output.lower()
        assert (home / "failed" / "empty.txt.reason.txt").exists()


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A Redis and a graph that are there already, as environment variables."""
    graph = EmbeddedGraph(tmp_path / "graph", tmp_path / "log")
    queue = EmbeddedRedis(tmp_path / "redis", tmp_path / "log")
    graph.start()
    queue.start()
    yield {f"KB_{key.upper()}": value for key, value in {**graph.settings(), **queue.settings()}.items()}
    assert psutil.pid_exists(graph.pid)
    queue.stop()
    graph.stop()


def test_what_a_killed_supervisor_left_is_stopped_by_the_next(tmp_path: Path, outside: dict[str, str]) -> None:
    with running(tmp_path / "home", **outside) as killed:
        os.kill(killed.process.pid, signal.SIGKILL)
        killed.process.wait(10)
        left = {process.pid for process in killed.processes()}
        assert left
        with running(tmp_path / "home", **outside) as system:
            assert "which an earlier run had left behind" in system.output
            assert not [pid for pid in left if psutil.pid_exists(pid)]


def test_servers_from_outside_are_used_and_a_second_signal_hurries(tmp_path: Path, outside: dict[str, str]) -> None:
    with running(tmp_path / "home", **outside) as system:
        system.drop("a.txt", ARTICLE)
        given = {key.removeprefix("KB_").lower(): value for key, value in outside.items()}
        with Graph.connect(Settings.model_validate({**given, "home": tmp_path / "home"})) as connection:
            system.wait("the article", lambda: states(connection, "Article") == ["done"])
        assert list((tmp_path / "home" / "graph").iterdir()) == []
        system.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        system.process.send_signal(signal.SIGTERM)
        system.process.wait(20)
        assert "hurrying" in system.output
        assert system.processes() == []
