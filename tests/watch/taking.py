"""What tests of the intake do over and over: drop files, take them, and look into the ledger."""

from pathlib import Path

from kb.graph import Graph, Ledger
from kb.settings import Settings
from workers.watch.intake import Intake
from workers.watch.watcher import scan


def drop(settings: Settings, name: str, words: str = "some words", sidecar: str | None = None) -> Path:
    path = settings.folder.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words)
    if sidecar:
        path.with_name(path.name + ".meta.json").write_text(sidecar)
    return path


def take(settings: Settings, graph: Graph) -> Intake:
    intake = Intake(settings, Ledger(graph))
    intake.claim(list(scan(settings.folder.inbox)))
    intake.enter()
    return intake


def known(graph: Graph) -> list[str]:
    return [row["id"] for row in graph.read("MATCH (d:Delivery) RETURN d.id AS id ORDER BY id")]


def deliveries(graph: Graph) -> list[dict[str, str]]:
    return graph.read("MATCH (d:Delivery) RETURN d.path AS path, d.lane AS lane, d.state AS state ORDER BY path")
