"""Connecting: what is wrong with an address is said, and how to mend it."""

import pytest

from kb.errors import GraphUnavailable, UsageFault
from kb.graph import Graph
from kb.settings import Settings
from workers.services.server import free_port


def test_without_an_address_it_says_how_to_start_a_graph() -> None:
    with pytest.raises(GraphUnavailable, match="kb up"):
        Graph.connect(Settings(graph_uri=None))


def test_an_address_that_is_no_bolt_address_is_named() -> None:
    with pytest.raises(UsageFault, match="KB_GRAPH_URI is http:"):
        Graph.connect(Settings(graph_uri="http://127.0.0.1:7474"))


def test_a_graph_that_is_away_is_an_error_to_try_again() -> None:
    with pytest.raises(GraphUnavailable, match="does not answer"):
        Graph.connect(Settings(graph_uri=f"bolt://127.0.0.1:{free_port()}"))
