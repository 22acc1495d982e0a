"""Who holds which office, in the graph: the catalogue's terms, and what articles tell, as long as they stand."""

import pytest

from kb.graph import Graph, consolidate, purge, store_reading, withdraw
from kb.knowledge import Reading
from kb.records import Actor, EntityKind, GivenOffice
from kb.resolve import read_article
from tests.graph.readings import Told, dump, ingest, reading, start

_MET = Told("Finland's President Ada Ember met Bela Frost.", date="2020-01-07")


def _giving(item: Reading, person: str, office: str, of: str, quote: str) -> Reading:
    """The same article, which gives a person an office of an actor of the catalogue."""
    actors = (*item.extraction.actors, Actor(name=of, kind=EntityKind.COUNTRY, names=(of,), known_as=of))
    names = [actor.name for actor in actors]
    start = item.document.text.index(quote)
    given = GivenOffice(
        actor=names.index(person), office=office, of=len(actors) - 1, start=start, end=start + len(quote), quote=quote
    )
    extraction = item.extraction.model_copy(update={"actors": actors, "offices": (given,)})
    return read_article(item.document, extraction)


def _known(item: Reading, person: str, known_as: str) -> Reading:
    """The same article, with a person recognised as one of the catalogue."""
    actors = tuple(
        actor.model_copy(update={"known_as": known_as}) if actor.name == person else actor
        for actor in item.extraction.actors
    )
    return read_article(item.document, item.extraction.model_copy(update={"actors": actors}))


def _president(published: str | None = "2020-01-08", source: str = "example.org") -> Reading:
    item = reading(_MET, published=published, source=source)
    return _giving(item, "Ada Ember", "president", "FIN", "Finland's President Ada Ember")


def _holds(graph: Graph, person: str) -> list[dict[str, object]]:
    return graph.read(
        """MATCH (:Entity {id: $id})-[h:HOLDS]->(o:Entity) RETURN h.origin AS origin, h.office AS office, o.id AS of,
        h.since AS since, h.until AS until, h.first_reported AS first, h.last_reported AS last, h.articles AS articles,
        h.quote AS quote ORDER BY h.since, h.office, o.id""",
        id=person,
    )


def _standings(graph: Graph) -> dict[str, tuple[str | None, str | None]]:
    rows = graph.read(
        "MATCH (:Fact)-[p:PARTICIPANT]->(e:Entity) RETURN e.id AS id, p.country AS country, p.sector AS sector"
    )
    return {row["id"]: (row["country"], row["sector"]) for row in rows}


def test_a_known_person_holds_the_offices_of_the_catalogue_with_their_time(graph: Graph) -> None:
    ingest(graph, _known(reading(_MET), "Ada Ember", "person:jens-stoltenberg"))
    rows = [(row["office"], row["of"], row["since"], row["until"]) for row in _holds(graph, "person:jens-stoltenberg")]
    assert rows == [
        ("prime minister", "NOR", "2000-03", "2001-10"),
        ("prime minister", "NOR", "2005-10", "2013-10"),
        ("secretary general", "nato", "2014-10", "2024-09"),
    ]


@pytest.mark.parametrize(
    ("day", "country", "sector"),
    [("2012-05-01", "NOR", "GOV"), ("2020-01-07", None, "IGO"), ("2025-05-01", "NOR", None)],
)
def test_a_participant_acts_for_whom_it_acted_for_on_the_day_of_the_fact(
    graph: Graph, day: str, country: str | None, sector: str | None
) -> None:
    told = Told("Ada Ember met Bela Frost.", date=day)
    ingest(graph, _known(reading(told, published=day), "Ada Ember", "person:jens-stoltenberg"))
    assert _standings(graph)["person:jens-stoltenberg"] == (country, sector)


def test_an_article_gives_an_office_with_its_words(graph: Graph) -> None:
    ingest(graph, _president())
    (held,) = _holds(graph, "person:ada-ember")
    assert (held["origin"], held["office"], held["of"], held["since"]) == ("articles", "president", "FIN", None)
    assert (held["first"], held["last"], held["articles"]) == ("2020-01-08", "2020-01-08", 1)
    assert held["quote"] == "Finland's President Ada Ember"
    assert _standings(graph)["person:ada-ember"] == ("FIN", "GOV")


def test_an_office_told_later_reaches_the_facts_that_are_there(graph: Graph) -> None:
    ingest(graph, reading(Told("Ada Ember met Bela Frost.", date="2020-01-07"), source="first.example"))
    assert _standings(graph)["person:ada-ember"] == (None, None)
    ingest(graph, _president(published="2020-02-01"))
    assert _standings(graph)["person:ada-ember"] == ("FIN", "GOV")


def test_an_office_told_years_away_says_nothing_of_the_day(graph: Graph) -> None:
    ingest(graph, reading(Told("Ada Ember met Bela Frost.", date="2010-01-07"), published="2010-01-08"))
    ingest(
        graph,
        _giving(reading(Told("Finland's President Ada Ember slept.")), "Ada Ember", "president", "FIN", "Ada Ember"),
    )
    rows = graph.read(
        "MATCH (f:Fact {date: '2010-01-07'})-[p:PARTICIPANT]->(:Entity {id: 'person:ada-ember'}) RETURN p.country AS country"
    )
    assert rows == [{"country": None}]


def test_articles_are_counted_and_the_earliest_is_quoted_in_any_order(graph: Graph) -> None:
    later = _president(published="2020-03-01", source="later.example")
    for item in (later, _president()):
        ingest(graph, item)
    (held,) = _holds(graph, "person:ada-ember")
    assert (held["first"], held["last"], held["articles"]) == ("2020-01-08", "2020-03-01", 2)
    withdraw(graph, later.document.article_id, "a test", "tests")
    (held,) = _holds(graph, "person:ada-ember")
    assert (held["last"], held["articles"]) == ("2020-01-08", 1)


def test_reading_again_replaces_what_an_article_told(graph: Graph) -> None:
    item = _president()
    ingest(graph, item)
    plain = read_article(item.document, item.extraction.model_copy(update={"offices": ()}))
    graph.run("MATCH (a:Article {id: $id}) SET a.state = 'queued', a.due_at = datetime()", id=item.document.article_id)
    consolidate(graph, store_reading(graph, start(graph, item.document.article_id), plain, "0" * 64))
    assert _holds(graph, "person:ada-ember") == []
    assert _standings(graph)["person:ada-ember"] == (None, None)


def test_what_the_catalogue_knows_is_not_told_again(graph: Graph) -> None:
    item = _known(_president(), "Ada Ember", "person:sauli-niinisto")
    ingest(graph, item)
    assert {row["origin"] for row in _holds(graph, "person:sauli-niinisto")} == {"catalogue"}


def test_a_withdrawn_article_leaves_the_graph_as_it_was(graph: Graph) -> None:
    ingest(graph, reading(Told("Bela Frost met Cora Hale.", roles=(("party", "Bela Frost"), ("party", "Cora Hale")))))
    before = dump(graph)
    item = _known(_president(), "Bela Frost", "person:jens-stoltenberg")
    ingest(graph, item)
    assert dump(graph) != before
    purge(graph, item.document.article_id)
    assert dump(graph) == before
