"""The catalogue of actors finds whom a name means."""

import pytest

from kb.ontology import actors
from kb.records import EntityKind


@pytest.mark.parametrize(
    ("name", "actor_id"),
    [
        ("Turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("TURKEY", "TUR"),
        ("Turkish", "TUR"),
        ("U.S.", "USA"),
        ("the United Kingdom", "GBR"),
        ("Élysée", "FRA"),
        ("elysee", "FRA"),
        ("Kosovo", "XKX"),
        ("IRAN", "IRN"),
        ("Guinea Bissau", "GNB"),
        ("UN", "un"),
        ("NATO", "nato"),
        ("N’Djamena", "n-djamena"),
        ("Nobody Atall", None),
        ("us", None),
        ("who", None),
    ],
)
def test_a_name_is_found_by_any_spelling(name: str, actor_id: str | None) -> None:
    found = actors().find(name)
    assert (found.id if found else None) == actor_id


@pytest.mark.parametrize(("name", "place", "state"), [("Ankara", "ankara", "TUR"), ("Washington", "washington", "USA")])
def test_a_capital_is_a_place_and_as_an_actor_its_state(name: str, place: str, state: str) -> None:
    found, acting = actors().find(name), actors().acting(name)
    assert found is not None
    assert acting is not None
    assert (found.id, found.kind, found.parent, acting.id) == (place, EntityKind.PLACE, state, state)


def test_a_demonym_is_no_name_of_its_own() -> None:
    assert actors().is_demonym("Turkish")
    assert not actors().is_demonym("Turkey")


def test_all_countries_are_there_once_with_three_letters() -> None:
    countries = [actor for actor in actors() if actor.kind is EntityKind.COUNTRY]
    assert len(countries) >= 197
    assert {len(actor.id) for actor in countries} == {3}
    assert all(actor.id == actor.iso3 == actor.country for actor in countries)
    assert {"TWN", "PSE", "XKX"} <= {actor.id for actor in countries}


def test_every_parent_and_country_is_an_actor_of_the_catalogue() -> None:
    for actor in actors():
        for other in (actor.parent, actor.country):
            assert other is None or actors().get(other) is not None, actor.id


def test_ids_are_unique_and_names_begin_with_the_actors_own() -> None:
    every = list(actors())
    assert len({actor.id for actor in every}) == len(every)
    assert all(actor.names[0] == actor.name for actor in every)
