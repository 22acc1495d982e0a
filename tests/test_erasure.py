"""Erasing: nothing of an article stays in the home folder but a tombstone, and the same bytes are refused."""

import contextlib
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.archive import Archive
from kb.erasure import Erasure, erase_article
from kb.errors import UsageFault
from kb.graph import Graph, Ledger, canonical, look, migrate
from kb.settings import Settings
from tests.working import work
from workers.services.arcadedb import EmbeddedGraph
from workers.watch.intake import Intake

pytestmark = [pytest.mark.live, pytest.mark.long, pytest.mark.timeout(300)]

SECRET = """Quibblethorpe summit in Zanzimbar

Drusilla Quibblethorpe met Angela Merkel in Zanzimbar on January 8, 2020.

Drusilla Quibblethorpe pledged to deliver seventeen marmalade submarines to Norway by June 2030.
"""
OTHER = (
    "Erna Solberg met Angela Merkel in Oslo on January 8, 2020, and Norway pledged to send two ships by June 2030.\n"
)
WORDS = ("quibblethorpe", "zanzimbar", "marmalade", "submarine", "seventeen")


@pytest.fixture
def settings(graph_settings: Settings, tmp_path: Path) -> Settings:
    made = graph_settings.model_copy(update={"home": tmp_path / "home"})
    made.folder.make()
    return made


def _bring(settings: Settings, graph: Graph, **files: str) -> None:
    """Take files the whole way from the inbox, in this process; a double underscore in a name stands for a point."""
    intake = Intake(settings, Ledger(graph))
    paths = [settings.folder.inbox / name.replace("__", ".") for name in files]
    for path, words in zip(paths, files.values(), strict=True):
        path.write_text(words, "utf-8")
    intake.claim([path for path in paths if not path.name.endswith(".meta.json")])
    intake.enter()
    work(settings, graph)
    intake.settle()
    assert list(settings.folder.taken.iterdir()) == []


def _article(graph: Graph) -> str:
    (found,) = [a.id for a in look.articles(graph) if "Quibblethorpe" in (a.title or "")]
    return found


def _erase(settings: Settings, graph: Graph) -> Erasure:
    return erase_article(settings, graph, _article(graph), "asked to", "tester")


def _traces(root: Path) -> dict[str, list[str]]:
    """The words that are found in files, raw, in UTF-16, with escaped letters, or inside what is compressed."""
    found: dict[str, list[str]] = {}
    for path in sorted(item for item in root.rglob("*") if item.is_file()):
        data = path.read_bytes().lower() + str(path.relative_to(root)).lower().encode()
        packed = b"".join(_unpacked(path.read_bytes())).lower()
        hits = [w for w in WORDS if any(form in data or form in packed for form in _forms(w))]
        if hits:
            found[str(path.relative_to(root))] = hits
    return found


def _forms(word: str) -> tuple[bytes, ...]:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in word)
    return word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"), escaped.encode()


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Whatever in these bytes can be taken for a gzip or zlib stream, unpacked as far as it goes."""
    for mark, bits in ((b"\x1f\x8b\x08", 31), (b"\x78\x9c", 15), (b"\x78\x01", 15), (b"\x78\xda", 15)):
        at = data.find(mark)
        while at >= 0:
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj(bits).decompress(data[at:], 10**6)
            at = data.find(mark, at + 1)


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("…Marmalade…")
    (tmp_path / "packed").write_bytes(b"head" + gzip.compress(b"a marmalade boat") + b"tail")
    (tmp_path / "escaped").write_text("\\u006d\\u0061\\u0072\\u006d\\u0061\\u006c\\u0061\\u0064\\u0065")
    assert set(_traces(tmp_path)) == {"raw", "packed", "escaped"}


def test_nothing_stays_of_an_erased_article_but_its_tombstone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    server = EmbeddedGraph(home / "graph", home / "log")
    server.start()
    try:
        settings = Settings.model_validate({**server.settings(), "home": home})
        settings.folder.make()
        with Graph.connect(settings) as graph:
            migrate(graph, settings)
            _bring_and_erase(settings, graph)
    finally:
        server.stop()
    assert _traces(home) == {}


def _bring_and_erase(settings: Settings, graph: Graph) -> None:
    _bring(settings, graph, other__txt=OTHER)
    alone = list(canonical(graph))
    said = {"title": "Quibblethorpe in Zanzimbar", "url": "https://zanzimbar.example/quibblethorpe"}
    _bring(settings, graph, quibblethorpe__txt=SECRET)
    _bring(settings, graph, again__txt=SECRET, again__txt__meta__json=json.dumps(said))
    assert {path.split("/")[0] for path in _traces(settings.folder.root)} >= {"archive", "graph", "processed"}
    done = _erase(settings, graph)
    assert "write-ahead log" in done.left
    assert list(canonical(graph)) == alone
    assert len(done.files) == 3


def test_the_same_bytes_are_refused_afterwards_and_not_kept(settings: Settings, graph: Graph) -> None:
    _bring(settings, graph, one__txt=SECRET)
    article = _article(graph)
    _erase(settings, graph)
    _bring(settings, graph, two__txt=SECRET)
    reason = (settings.folder.failed / "two.txt.reason.txt").read_text()
    assert "withdrawn and erased on" in reason
    assert "because: asked to" in reason
    assert not (settings.folder.failed / "two.txt").exists()
    assert list(Archive(settings.folder.archive).heads(1)) == []
    assert look.status(graph).articles == {"withdrawn": 1}
    assert look.status(graph).facts == {}
    found = look.show(graph, article)
    assert (getattr(found, "title", ""), getattr(found, "reason", "")) == (None, "asked to")


def test_erasing_one_record_of_a_file_leaves_the_others(settings: Settings, graph: Graph) -> None:
    records = [json.dumps({"title": text.split("\n")[0], "text": text}) for text in (SECRET, OTHER)]
    _bring(settings, graph, many__jsonl="\n".join(records))
    done = _erase(settings, graph)
    assert done.files == ("processed/many.jsonl",)
    assert look.status(graph).articles == {"done": 1, "withdrawn": 1}
    (other,) = [a for a in look.articles(graph) if a.state == "done"]
    assert Archive(settings.folder.archive).has(other.id)
    _bring(settings, graph, more__jsonl="\n".join([*records, json.dumps({"text": "Kenya signed a deal with Japan."})]))
    assert look.status(graph).articles == {"done": 2, "withdrawn": 1}
    assert "line 1: these bytes were withdrawn" in (settings.folder.processed / "more.jsonl.faults.txt").read_text()
    assert not (settings.folder.processed / "more.jsonl").exists()
    heads = b"".join(head for _, head in Archive(settings.folder.archive).heads(10_000)).lower()
    assert not [word for word in WORDS if word.encode() in heads]


def test_what_another_article_says_too_stays(settings: Settings, graph: Graph) -> None:
    _bring(settings, graph, one__txt=SECRET, two__md=f"{SECRET}\n\nFurther lines that only this one has.\n")
    first, second = [a.id for a in look.articles(graph)]
    erase_article(settings, graph, first, "asked to", "tester")
    assert {e.article_id for fact in look.facts(graph, all=True) for e in fact.evidence} == {second}
    assert Archive(settings.folder.archive).has(second)


def test_erasing_again_does_no_harm_and_finishes_what_was_cut_off(settings: Settings, graph: Graph) -> None:
    _bring(settings, graph, one__txt=SECRET)
    article = _article(graph)
    _erase(settings, graph)
    blob = Archive(settings.folder.archive).put(SECRET.encode())
    again = erase_article(settings, graph, article, "asked to", "tester")
    assert again.blobs == (blob,)
    assert not Archive(settings.folder.archive).has(blob)


def test_an_article_whose_file_is_being_read_is_not_erased_yet(settings: Settings, graph: Graph) -> None:
    _bring(settings, graph, one__txt=SECRET)
    graph.run("MATCH (d:Delivery) SET d.state = 'expanding'")
    with pytest.raises(UsageFault, match="is being read"):
        _erase(settings, graph)
