"""The workers' part in this process: all that is due is taken through the pipeline."""

from kb import extract
from kb.graph import Graph, Ledger
from kb.pipeline import Pipeline
from kb.settings import Settings


def work(settings: Settings, graph: Graph) -> None:
    """Run what the ledger has, until nothing is due."""
    ledger, pipeline = Ledger(graph), Pipeline(settings, graph, extract.load())
    while due := ledger.due(100):
        for item in due:
            lease = ledger.start(item.kind, item.id, 60)
            assert lease is not None
            pipeline.run(lease)
