"""Who held which office is told without contradiction, and a name means whom it meant on the day."""

import itertools
from collections import defaultdict

import pytest

from kb.dates import interval
from kb.ontology import actors, people, standing
from kb.ontology.offices import offices
from kb.ontology.people import Term, spelling
from kb.records import EntityKind, Standing

PEOPLE = list(people())
TERMS = [term for person in PEOPLE for term in person.terms]


def _shown(term: Term) -> str:
    return f"{term.person}, {term.office} of {term.of}, {term.since} to {term.until}"


def test_every_office_belongs_to_an_actor_of_the_catalogue_and_has_a_known_name() -> None:
    assert [_shown(term) for term in TERMS if not actors().has(term.of)] == []
    assert [_shown(term) for term in TERMS if term.office not in offices()] == []


def test_every_term_begins_before_it_ends() -> None:
    assert [_shown(t) for t in TERMS if t.until and not t.since[: len(t.until)] <= t.until[: len(t.since)]] == []


def test_an_office_that_one_person_holds_has_one_holder_at_a_time() -> None:
    by_office: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for term in TERMS:
        if not offices()[term.office].shared:
            by_office[term.office, term.of].append(term)
    clashes = []
    for terms in by_office.values():
        for one, other in itertools.pairwise(sorted(terms, key=lambda term: (term.since, term.until or "9"))):
            until = one.until or "9999"
            if until[: len(other.since)] > other.since[: len(until)]:
                clashes.append(f"{_shown(one)} / {_shown(other)}")
    assert clashes == []


def test_ids_are_unique_and_no_two_people_share_a_name() -> None:
    assert len({person.id for person in PEOPLE}) == len(PEOPLE)
    forms = defaultdict(set)
    for person in PEOPLE:
        for name in person.names:
            forms[spelling(name)].add(person.name)
    assert {form: names for form, names in forms.items() if len(names) > 1} == {}


def test_a_full_name_has_two_words_and_a_name_that_stands_alone_one() -> None:
    assert [name for person in PEOPLE for name in person.names if len(name.split()) < 2] == []
    assert [word for person in PEOPLE for word in person.alone if len(word.split()) > 1] == []


def test_a_name_that_stands_alone_means_one_person_at_any_time() -> None:
    by_word = defaultdict(list)
    for person in PEOPLE:
        for word in {spelling(word) for word in person.alone}:
            by_word[word].append(person)
    for word, some in by_word.items():
        for one, other in itertools.combinations(some, 2):
            days = [day for term in one.terms for day in (term.since, term.until or "2026-11")]
            assert not any(other.in_the_news(day) for day in days), (word, one.name, other.name)


def test_there_are_hundreds_of_terms_from_2000_on() -> None:
    recent = [term for term in TERMS if (days := interval(term.until or "2026")) and days[1].year >= 2000]
    assert len(recent) == len(TERMS)
    assert len(TERMS) >= 1000


@pytest.mark.parametrize(
    ("names", "day", "person"),
    [
        (["Recep Tayyip Erdoğan"], None, "person:recep-tayyip-erdogan"),
        (["Tayyip Erdogan", "Erdogan"], None, "person:recep-tayyip-erdogan"),
        (["Erdoğan"], "2020-01-08", "person:recep-tayyip-erdogan"),
        (["Erdogan"], None, None),
        (["Erdogan"], "1995-03", None),
        (["Bilal Erdogan", "Erdogan"], "2020-01-08", None),
        (["Muhammad Bin-Salman"], "2018", "person:mohammed-bin-salman"),
        (["al-Assad"], "2013-09-01", "person:bashar-al-assad"),
        (["Abbas"], "2024-05-02", "person:mahmoud-abbas"),
        (["Hariri"], "2012", None),
        (["Nobody Atall"], "2012", None),
    ],
)
def test_a_name_means_whom_it_meant_on_the_day(names: list[str], day: str | None, person: str | None) -> None:
    found = people().named(names, day)
    assert (found.id if found else None) == person


def test_people_are_actors_by_id_and_not_by_name_alone() -> None:
    erdogan = actors().get("person:recep-tayyip-erdogan")
    assert (erdogan.kind, erdogan.name) == (EntityKind.PERSON, "Recep Tayyip Erdogan")
    assert [term.of for term in erdogan.terms] == ["TUR", "TUR"]
    assert actors().find("Recep Tayyip Erdogan") is None


@pytest.mark.parametrize(
    ("actor_id", "day", "country", "sector"),
    [
        ("person:recep-tayyip-erdogan", "2020-01-08", "TUR", "GOV"),
        ("person:recep-tayyip-erdogan", "2001", "TUR", None),
        ("person:antonio-guterres", "2001-03-01", "PRT", "GOV"),
        ("person:antonio-guterres", "2019-03-01", None, "IGO"),
        ("person:antonio-guterres", None, "PRT", None),
        ("person:nabih-berri", "2010", "LBN", "LEG"),
        ("person:khalifa-haftar", "2020-01", "LBY", "MIL"),
        ("person:ismail-haniyeh", "2006-05-01", "PSE", "GOV"),
        ("person:ismail-haniyeh", "2019-05-01", "PSE", "REB"),
        ("SRB", "2002-05-01", "YUG", "GOV"),
        ("SRB", "2005-05-01", "SCG", "GOV"),
        ("SRB", "2007-05-01", "SRB", "GOV"),
        ("SRB", None, "SRB", "GOV"),
        ("taliban", "2010", "AFG", "REB"),
        ("taliban", "2022", "AFG", "GOV"),
        ("spla", "2004-05-01", "SDN", "REB"),
        ("person:nobody-atall", "2020", None, None),
    ],
)
def test_an_actor_acts_for_whom_it_acted_for_on_the_day(
    actor_id: str, day: str | None, country: str | None, sector: str | None
) -> None:
    assert standing(actor_id, day) == Standing(country=country, sector=sector)


def test_what_an_actor_was_is_told_in_the_order_of_time_and_of_known_countries() -> None:
    for actor in actors():
        assert list(actor.was) == sorted(actor.was, key=lambda before: before.until), actor.id
        assert all(before.country is None or actors().has(before.country) for before in actor.was), actor.id
