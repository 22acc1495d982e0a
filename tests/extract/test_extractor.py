"""What the extractor makes of sentences of our own."""

from datetime import date

import pytest

from kb import extract
from kb.clean import clean
from kb.extract.dates import find_dates
from kb.knowledge import Fact
from kb.ontology import fact_types
from kb.records import Document, Extraction, MediaType, Metadata, RawArticle
from kb.resolve import article_facts, read_article


def document(text: str, published: str | None = None) -> Document:
    raw = RawArticle(id="0" * 64, media_type=MediaType.TEXT, body=text, metadata=Metadata(), metadata_origin="")
    return clean(raw, Metadata(published=published, language="en"), "a.txt")


def facts(text: str, published: str | None = None) -> list[tuple[Fact, dict[str, str]]]:
    read = document(text, published)
    (extraction,) = extract.load().extract([read])
    reading = read_article(read, extraction)
    names = {entity.id: entity.name for entity in reading.entities}
    return [(fact, names) for fact in article_facts(reading)]


def told(text: str, published: str | None = None) -> list[tuple[str, str, list[str]]]:
    return [
        (fact.type, fact.status, sorted(names[p.entity_id] for p in fact.participants))
        for fact, names in facts(text, published)
    ]


def test_a_surname_and_the_two_leaders_find_their_people() -> None:
    text = (
        "The presidents of Kenya and Germany, William Ruto and Angela Merkel, spoke to reporters on Monday.\n\n"
        "After a meeting in Accra, the two leaders praised each other.\n\n"
        "Ruto vowed to return."
    )
    found = told(text, "2023-05-03")
    assert ("meeting", "occurred", ["Angela Merkel", "William Ruto"]) in found
    assert ("pledge", "made", ["William Ruto"]) in found


def test_an_undated_meeting_has_the_day_of_the_sentence_before() -> None:
    text = (
        "The presidents of Kenya and Germany, William Ruto and Angela Merkel, spoke to reporters today.\n\n"
        "After a meeting in Accra, the two leaders praised each other."
    )
    (unknown,) = [fact for fact, _ in facts(text) if fact.type == "meeting"]
    (known,) = [fact for fact, _ in facts(text, "2023-05-03") if fact.type == "meeting"]
    assert (unknown.date, unknown.date_text) == (None, "today")
    assert known.date == "2023-05-03"


@pytest.mark.parametrize(
    "text",
    [
        "Norway and Chile called for a ceasefire in the valley.",
        "Norway urged Chile to sign an agreement with Peru.",
        "Norway warned Chile not to agree to a deal with Peru.",
    ],
)
def test_a_call_on_others_is_no_act(text: str) -> None:
    assert not [fact for fact in told(text) if fact[0] in ("pledge", "alliance")]


def test_a_sentence_that_was_looked_at_has_a_reason() -> None:
    (found,) = extract.load().extract([document("Norway and Chile called for a ceasefire in the valley.")])
    assert [(item.type, item.reason) for item in found.unused] == [("alliance", "a call on others to act, not an act")]


def test_a_view_counter_is_no_year() -> None:
    text = "Talks in Oslo\n\n1991 views\n\nErna Solberg met Angela Merkel in Oslo, her office said in a short note on the visit."
    assert [fact.date for fact, _ in facts(text) if fact.type == "meeting"] == [None]


def _extractions(batch: list[Document]) -> tuple[Extraction, ...]:
    return extract.load().extract(batch)


def test_an_article_says_the_same_alone_and_in_a_batch() -> None:
    texts = [example.text for fact_type in fact_types().values() for example in fact_type.examples]
    documents = [
        document(f"{text}\n\nThe weather in the capital was fine, and the streets were full.") for text in texts
    ]
    together = _extractions(documents)
    assert together == tuple(_extractions([one])[0] for one in documents)
    assert together == tuple(reversed(_extractions(list(reversed(documents)))))


def test_quotes_are_verbatim() -> None:
    read = document(
        "Erna Solberg  met\tAngela Merkel in Oslo.\nNorway pledged to send ships to the Baltic by June 2030."
    )
    (found,) = _extractions([read])
    assert len(found.evidence) == 2
    for evidence in found.evidence:
        assert read.text[evidence.start : evidence.end] == evidence.quote
    for mention in found.mentions:
        assert read.text[mention.start : mention.end].strip() != ""


@pytest.mark.parametrize(
    ("words", "published", "ahead", "expected"),
    [
        ("on January 12", None, False, "XXXX-01-12"),
        ("on January 12", "2020-01-08", True, "2020-01-12"),
        ("on December 30", "2020-01-08", False, "2019-12-30"),
        ("on 3 March 2019", None, False, "2019-03-03"),
        ("in March 2019", "2020-01-08", False, "2019-03"),
        ("in 2013", None, False, "2013"),
        ("on Wednesday", "2020-01-10", False, "2020-01-08"),
        ("on Friday", "2020-01-10", False, "2020-01-10"),
        ("on Friday", "2020-01-08", True, "2020-01-10"),
        ("yesterday", "2020-01-01", False, "2019-12-31"),
        ("today", None, False, None),
        ("last week", "2020-01-08", False, "2019-12-30/2020-01-05"),
        ("this week", "2020-01-08", False, "2020-01"),
        ("on February 30", None, False, None),
    ],
)
def test_dates_in_words_are_resolved_and_never_invented(
    words: str, published: str | None, ahead: bool, expected: str | None
) -> None:
    assert [said.date for said in find_dates(f"They met {words}.", published, ahead=ahead)] == [expected]


def test_every_day_of_a_year_can_be_said() -> None:
    for ordinal in range(date(2020, 1, 1).toordinal(), date(2020, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        (said,) = find_dates(f"They met on {day:%B} {day.day}, 2020.", None)
        assert said.date == day.isoformat()
