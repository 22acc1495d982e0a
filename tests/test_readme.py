"""README's queries, run over the example articles on each of the graphs, give the rows that an analyst expects."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from kb.archive import Archive
from kb.graph import Arrival, Graph, Ledger, look, purge, run_query
from kb.records import Metadata
from kb.settings import Settings
from tests.working import work

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
QUERIES = dict(re.findall(r"^([^\n]+):\n```cypher\n(.*?)\n```", README, re.MULTILINE | re.DOTALL))
EXAMPLES = sorted(path for path in Path(str(files("kb").joinpath("examples"))).iterdir() if path.is_file())


@pytest.fixture(scope="module")
def settings(graph_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return graph_settings.model_copy(update={"home": tmp_path_factory.mktemp("readme")})


@pytest.fixture(scope="module")
def examples(module_graph: Graph, settings: Settings) -> Graph:
    """The example articles, taken through the whole pipeline in this process."""
    ledger, archive = Ledger(module_graph), Archive(settings.folder.archive)
    ledger.receive(
        [
            Arrival(id=path.name, path=path.name, blob=archive.put_file(path), size=1, metadata=Metadata(example=True))
            for path in EXAMPLES
        ]
    )
    work(settings, module_graph)
    return module_graph


def _rows(graph: Graph, title: str) -> list[tuple[object, ...]]:
    assert len(QUERIES[title].splitlines()) <= 3
    return list(run_query(graph, QUERIES[title], {}, seconds=10, rows=100).rows)


def test_there_are_eleven_queries_of_three_lines_at_most() -> None:
    assert len(QUERIES) == 11


def test_every_example_is_read(examples: Graph) -> None:
    assert look.status(examples).articles == {"done": 14}
    assert look.failures(examples) == ()
    assert all(article.example for article in look.articles(examples))


def test_an_actor_is_found_by_any_spelling(examples: Graph) -> None:
    rows = _rows(examples, "Find an actor by any spelling that an article used")
    assert rows == [("person:recep-tayyip-erdogan", "Recep Tayyip Erdogan")]


def test_who_met_whom(examples: Graph) -> None:
    rows = _rows(examples, "Who met whom")
    pairs = {(frozenset((a, b)), date) for a, b, date in rows}
    assert (frozenset({"Recep Tayyip Erdogan", "Vladimir Putin"}), "2020-01-08") in pairs
    assert (frozenset({"Angela Merkel", "Khalifa Haftar"}), "2020-01-19") in pairs
    people = {name for pair, _ in pairs for name in pair}
    # Denied, cancelled and planned meetings leave no MET.
    assert not people & {"Mike Pompeo", "Mohammad Javad Zarif", "Hashim Thaci", "Aleksandar Vucic"}
    assert (frozenset({"Angela Merkel", "Emmanuel Macron"}), "2020-02-21") not in pairs


def test_the_sources_of_a_fact_are_three_outlets_that_tell_it_differently(examples: Graph) -> None:
    rows = _rows(examples, "The sources of a fact")
    told = {source for source, _, quote in rows if "Putin" in str(quote)}
    assert told == {None, "Harbour Wire", "Northern Gazette"}


def test_everything_about_libya(examples: Graph) -> None:
    summaries = [summary for _, summary in _rows(examples, "Everything about Libya")]
    assert "Mevlut Cavusoglu and Fayez al-Sarraj met in Tripoli" in summaries or (
        "Fayez al-Sarraj and Mevlut Cavusoglu met in Tripoli" in summaries
    )
    assert any("ceasefire in Libya" in str(summary) for summary in summaries)


def test_pledges_by_turkey(examples: Graph) -> None:
    contents = {content for content, _, _ in _rows(examples, "Pledges by Turkey")}
    assert {
        "rebuild the port of Beirut by the end of the year",
        "send doctors and two field hospitals to Lebanon by August 20, 2020",
    } <= contents


def test_overdue_pledges(examples: Graph) -> None:
    rows = _rows(examples, "Overdue pledges")
    assert [due for _, due in rows] == ["2020-08-20", "2025"]
    assert "France pledged" in str(rows[1][0])


def test_who_backs_haftar(examples: Graph) -> None:
    rows = _rows(examples, "Who backs Haftar")
    assert rows == [("Egypt", "in_force"), ("Russia", "in_force"), ("United Arab Emirates", "in_force")]


def test_facts_that_a_single_source_states(examples: Graph) -> None:
    rows = _rows(examples, "Facts that a single source states")
    assert len(rows) > 15
    assert "Recep Tayyip Erdogan and Vladimir Putin met in Istanbul" not in [summary for summary, _ in rows]
    assert all(isinstance(p, float) and 0 < p < 1 for _, p in rows)


def test_the_shortest_chain_between_two_actors(examples: Graph) -> None:
    assert _rows(examples, "The shortest chain between two actors") == [
        (["Khalifa Haftar", "Angela Merkel", "Recep Tayyip Erdogan"],)
    ]


def test_meetings_by_pair_of_countries_and_month(examples: Graph) -> None:
    rows = _rows(examples, "Meetings by pair of countries and month")
    assert ("Iran", "Saudi Arabia", "2021-04", 1) in rows
    assert ("Australia", "Fiji", "2022-06", 1) in rows


def test_who_held_which_office(examples: Graph) -> None:
    rows = _rows(examples, "Who held which office in January 2020")
    assert {
        ("Recep Tayyip Erdogan", "president", "Turkey"),
        ("Mevlut Cavusoglu", "foreign minister", "Turkey"),
        ("Angela Merkel", "chancellor", "Germany"),
        ("Khalifa Haftar", "commander", "Libyan National Army"),
    } <= set(rows)
    assert ("Recep Tayyip Erdogan", "prime minister", "Turkey") not in rows


def test_taking_the_examples_out_leaves_nothing_of_them(examples: Graph) -> None:
    for article in look.articles(examples, limit=100):
        purge(examples, article.id)
    left = examples.read("MATCH (n) WHERE NOT n:Schema RETURN DISTINCT labels(n) AS labels")
    assert left == []
