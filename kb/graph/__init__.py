"""The only room that speaks Cypher: schema, ledger, writing, consolidating and looking."""

from kb.graph import look
from kb.graph.canonical import canonical
from kb.graph.consolidate import consolidate, dirty_blocks, finish
from kb.graph.ledger import Ledger
from kb.graph.query import QueryResult, run_query
from kb.graph.schema import check_schema, migrate
from kb.graph.session import Graph
from kb.graph.withdraw import erase, is_erased, purge, unneeded, withdraw
from kb.graph.work import Arrival, Due, Kind, Lane, Lease, Outcome
from kb.graph.write import store_reading

__all__ = [
    "Arrival",
    "Due",
    "Graph",
    "Kind",
    "Lane",
    "Lease",
    "Ledger",
    "Outcome",
    "QueryResult",
    "canonical",
    "check_schema",
    "consolidate",
    "dirty_blocks",
    "erase",
    "finish",
    "is_erased",
    "look",
    "migrate",
    "purge",
    "run_query",
    "store_reading",
    "unneeded",
    "withdraw",
]
