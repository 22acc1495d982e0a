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


# Members of the United Nations by ISO 3166-1 alpha-3 code.
_UN_MEMBERS = """AFG ALB DZA AND AGO ATG ARG ARM AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BTN BOL BIH BWA BRA BRN BGR BFA BDI
CPV KHM CMR CAN CAF TCD CHL CHN COL COM COG COD CRI CIV HRV CUB CYP CZE PRK DNK DJI DMA DOM ECU EGY SLV GNQ ERI EST SWZ ETH FJI
FIN FRA GAB GMB GEO DEU GHA GRC GRD GTM GIN GNB GUY HTI HND HUN ISL IND IDN IRN IRQ IRL ISR ITA JAM JPN JOR KAZ KEN KIR KWT KGZ
LAO LVA LBN LSO LBR LBY LIE LTU LUX MDG MWI MYS MDV MLI MLT MHL MRT MUS MEX FSM MDA MCO MNG MNE MAR MOZ MMR NAM NRU NPL NLD NZL
NIC NER NGA MKD NOR OMN PAK PLW PAN PNG PRY PER PHL POL PRT QAT KOR ROU RUS RWA KNA LCA VCT WSM SMR STP SAU SEN SRB SYC SLE SGP
SVK SVN SLB SOM ZAF SSD ESP LKA SDN SUR SWE CHE SYR TJK TZA THA TLS TGO TON TTO TUN TUR TKM TUV UGA UKR ARE GBR USA URY UZB VUT
VEN VNM YEM ZMB ZWE""".split()


def test_every_member_of_the_united_nations_is_there_with_its_people_and_its_item() -> None:
    assert len(_UN_MEMBERS) == 193
    for iso3 in _UN_MEMBERS:
        assert actors().get(iso3).wikidata, iso3
        # "Congolese" is of the larger Congo.
        assert actors().get(iso3).demonyms or iso3 == "COG", iso3


def test_no_two_countries_share_an_item() -> None:
    items = [actor.wikidata for actor in actors() if actor.kind is EntityKind.COUNTRY and actor.wikidata]
    assert len(set(items)) == len(items)
