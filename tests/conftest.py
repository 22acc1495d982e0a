"""What all tests share: profiles of hypothesis, and both real graphs.

``KB_TEST_GRAPHS`` says on which graphs the graph tests run: "embedded" (as on a fresh machine), "neo4j" or "both"
(as in CI). Where a server's needs are missing its tests skip with the reason; under CI they fail instead.
Tests marked ``long`` run under CI, and wherever ``KB_TEST_LONG`` is set.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from kb.graph import Graph, migrate
from kb.settings import Settings
from tests.servers.neo4j_server import Missing, Neo4jServer
from workers.services.arcadedb import EmbeddedGraph

_SLOW = [HealthCheck.too_slow]
hypothesis_settings.register_profile("short", max_examples=100, deadline=None, suppress_health_check=_SLOW)
hypothesis_settings.register_profile(
    "thorough", max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck)
)
hypothesis_settings.load_profile("short")

SHARED = Path(__file__).parents[1].parent / "shared"
_WANTED = os.environ.get("KB_TEST_GRAPHS", "embedded")
GRAPHS = ("embedded", "neo4j") if _WANTED == "both" else (_WANTED,)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes its time, where nobody asked for it."""
    if os.environ.get("CI") or os.environ.get("KB_TEST_LONG"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="it takes its time; KB_TEST_LONG=1 make test runs it, and CI does"))


def missing(reason: str) -> None:
    """Skip for want of something on this machine; fail where CI promises it."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have this: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def embedded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedGraph]:
    folder = tmp_path_factory.mktemp("embedded")
    server = EmbeddedGraph(folder / "graph", folder / "log")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    server = Neo4jServer(tmp_path_factory.mktemp("neo4j"))
    try:
        server.start()
    except Missing as error:
        missing(str(error))
    yield server
    server.stop()


@pytest.fixture(scope="session", params=GRAPHS)
def graph_settings(request: pytest.FixtureRequest) -> Settings:
    """Settings that lead to each of the graphs in turn."""
    server = request.getfixturevalue(f"{request.param}_server")
    return Settings.model_validate(server.settings())


@pytest.fixture(scope="session")
def _connection(graph_settings: Settings) -> Iterator[Graph]:
    with Graph.connect(graph_settings) as connection:
        yield connection


def _emptied(connection: Graph, settings: Settings) -> Graph:
    connection.run("MATCH (n) DETACH DELETE n")
    migrate(connection, settings)
    return connection


@pytest.fixture
def graph(_connection: Graph, graph_settings: Settings) -> Graph:
    """An empty graph with the schema, on each of the graphs in turn."""
    return _emptied(_connection, graph_settings)


@pytest.fixture(scope="module")
def module_graph(_connection: Graph, graph_settings: Settings) -> Graph:
    """The same for all tests of a module, emptied before the first."""
    return _emptied(_connection, graph_settings)
