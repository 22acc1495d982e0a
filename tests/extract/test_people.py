"""People of the catalogue are recognised, and offices that an article gives to people are read with their words."""

import pytest

from kb.records import Extraction
from tests.extract.reading import read


def _offices(extraction: Extraction) -> set[tuple[str, str, str, str]]:
    names = [actor.name for actor in extraction.actors]
    return {(names[item.actor], item.office, names[item.of], item.quote) for item in extraction.offices}


@pytest.mark.parametrize(
    ("text", "published", "known"),
    [
        (
            "Erdogan met Vladimir Putin in Sochi.",
            "2020-03-05",
            {"person:recep-tayyip-erdogan", "person:vladimir-putin"},
        ),
        ("Recep Tayyip Erdoğan met Vladimir Putin.", None, {"person:recep-tayyip-erdogan", "person:vladimir-putin"}),
        ("Bilal Erdogan met Vladimir Putin. Later Erdogan left.", "2020-03-05", {"person:vladimir-putin"}),
        ("Pope Francis met Vladimir Putin.", "2019-07-04", {"person:pope-francis", "person:vladimir-putin"}),
    ],
)
def test_a_person_is_known_by_full_name_or_by_surname_in_its_time(
    text: str, published: str | None, known: set[str]
) -> None:
    people = {actor.known_as for actor in read(text, published).actors if actor.kind == "person"}
    assert people - {None} == known


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        (
            "Turkish Foreign Minister Orhan Testcase met Vladimir Putin.",
            {("Orhan Testcase", "foreign minister", "Turkey", "Turkish Foreign Minister Orhan Testcase")},
        ),
        (
            "Orhan Testcase, the president of Finland, met Vladimir Putin.",
            {("Orhan Testcase", "president", "Finland", "Orhan Testcase, the president of Finland")},
        ),
        (
            "Orhan Testcase, Finland's prime minister, met Vladimir Putin.",
            {("Orhan Testcase", "prime minister", "Finland", "Orhan Testcase, Finland's prime minister")},
        ),
        ("Former Turkish Foreign Minister Orhan Testcase met Vladimir Putin.", set()),
        ("Turkish Deputy Foreign Minister Orhan Testcase met Vladimir Putin.", set()),
        ("Ankara Mayor Orhan Testcase met Vladimir Putin.", set()),
        ("Orhan Testcase, Turkish and Greek officials met Vladimir Putin.", set()),
    ],
)
def test_an_office_is_given_by_the_words_beside_a_name(text: str, offices: set[tuple[str, str, str, str]]) -> None:
    assert _offices(read(text, "2020-03-05")) == offices


def test_an_office_holder_is_called_by_the_office_though_the_article_never_says_so() -> None:
    extraction = read("Erdogan arrived in Belgrade on Monday.\nThe president pledged to build a road.", "2020-03-05")
    (pledge,) = [item for item in extraction.evidence if item.type == "pledge"]
    assert [extraction.actors[filler.actor].known_as for filler in pledge.roles] == ["person:recep-tayyip-erdogan"]
