"""What holds for every extraction, whatever the text."""

import pytest

from kb.extract import load
from kb.extract.encoder import encoder
from kb.records import EntityKind, PassageKind
from tests.extract.reading import document, named, read

TEXTS = (
    "Emmanuel Macron met Olaf Scholz in Berlin on Tuesday.\nThe two leaders pledged to send weapons to Ukraine.",
    "Norway pledged to send two ships.",
    "The weather was fine.",
    "",
    "Poland and Lithuania signed a defence agreement in Vilnius. Iran supports Hezbollah.",
)


def test_a_document_is_read_the_same_alone_and_in_a_batch() -> None:
    documents = [document(text, "2024-05-02") for text in TEXTS]
    together = load().extract(documents)
    assert together == tuple(load().extract([item])[0] for item in documents)
    assert together == tuple(reversed(load().extract(documents[::-1])))
    assert sum(len(item.evidence) for item in together) >= 4


def test_quotes_mentions_and_unused_sentences_are_verbatim_over_folded_white_space() -> None:
    text = (
        "  Emmanuel   Macron\tmet Olaf\u00a0\u00a0Scholz in  Berlin. He urged  Spain to meet   Portugal.  "
        "\n\n Iran  supports Hezbollah."
    )
    extraction = read(text)
    assert [item.quote for item in extraction.evidence] == [
        "Emmanuel   Macron\tmet Olaf\u00a0\u00a0Scholz in  Berlin.",
        "Iran  supports Hezbollah.",
    ]
    assert all(text[item.start : item.end] == item.quote for item in extraction.evidence)
    assert [text[item.start : item.end] for item in extraction.unused] == ["He urged  Spain to meet   Portugal."]
    assert "Emmanuel   Macron" in {text[item.start : item.end] for item in extraction.mentions}


def test_bylines_noise_and_repeated_passages_are_not_read() -> None:
    line = "Iran supports Hezbollah."
    kinds = (PassageKind.TITLE, PassageKind.BYLINE, PassageKind.NOISE, PassageKind.DISCLAIMER, PassageKind.CAPTION)
    whole = document("\n".join([line] * 5), kinds=kinds)
    assert [item.start for item in load().extract([whole])[0].evidence] == [0, 4 * (len(line) + 1)]
    twice = whole.passages[0].model_copy(update={"duplicate": True})
    repeated = whole.model_copy(update={"passages": (twice, *whole.passages[1:])})
    assert [item.start for item in load().extract([repeated])[0].evidence] == [4 * (len(line) + 1)]


def test_a_very_long_passage_is_read_in_pieces() -> None:
    filler = "The weather was fine in the valley. " * 400
    text = f"{filler}Iran supports Hezbollah. {filler}"
    assert [item.quote for item in read(text).evidence] == ["Iran supports Hezbollah."]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Emmanuel Macron held a meeting.", "only one named participant"),
        ("Residents promised to come back.", "no named participant"),
        ("Japan pledged.", "does not say what is undertaken"),
    ],
)
def test_a_sentence_that_tells_nothing_is_kept_with_its_reason(sentence: str, reason: str) -> None:
    extraction = read(sentence)
    assert extraction.evidence == ()
    assert reason in {item.reason.removeprefix("it ") for item in extraction.unused}


def test_a_surname_an_office_and_a_pronoun_stand_for_the_full_name() -> None:
    text = (
        "Turkish President Recep Tayyip Erdogan left the palace.\nOn Monday Erdogan met Aleksandar Vucic in Belgrade.\n"
        "The Turkish president pledged to build a road.\nHe promised that the bridge would open."
    )
    extraction = read(text)
    told = [(item.type, named(extraction, item)) for item in extraction.evidence]
    assert ("meeting", {"Recep Tayyip Erdogan", "Aleksandar Vucic"}) in told
    assert ("pledge", {"Recep Tayyip Erdogan"}) in told


def test_two_leaders_are_those_named_before() -> None:
    extraction = read("Emmanuel Macron met Olaf Scholz in Berlin.\nThe two leaders pledged to build a railway.")
    assert [named(extraction, item) for item in extraction.evidence] == [{"Emmanuel Macron", "Olaf Scholz"}] * 2


def test_a_capital_and_a_house_stand_for_their_state_when_they_act() -> None:
    extraction = read("Ankara supports Baku.\nThe Kremlin supports Minsk.")
    assert [named(extraction, item) for item in extraction.evidence] == [
        {"Turkey", "Azerbaijan"},
        {"Russia", "Belarus"},
    ]


def test_an_acronym_in_brackets_is_the_name_before_it() -> None:
    extraction = read("The National Renewal Council (NRC) met reporters.\nIran supports the NRC.")
    assert [named(extraction, item) for item in extraction.evidence] == [{"Iran", "National Renewal Council"}]


def test_a_government_told_apart_by_its_seat_is_an_actor_of_its_own() -> None:
    extraction = read("Egypt supports the elected government in Tripoli.")
    (item,) = extraction.evidence
    supported = {extraction.actors[f.actor].name: extraction.actors[f.actor].kind for f in item.roles}
    assert supported["government in Tripoli"] is EntityKind.ORGANIZATION


def test_an_event_takes_the_deictic_date_of_the_sentence_before_it() -> None:
    text = "Emmanuel Macron and Olaf Scholz opened a bridge today.\nMacron and Scholz held talks in Bonn."
    (unknown,), (known,) = read(text).evidence, read(text, "2024-05-02").evidence
    assert (unknown.date, unknown.date_text) == (None, "today")
    assert (known.date, known.date_text) == ("2024-05-02", "today")


def test_the_date_of_a_promise_is_not_the_date_of_the_meeting_where_it_was_made() -> None:
    text = "After a meeting in Bonn, Emmanuel Macron and Olaf Scholz pledged that the bridge would open on March 12."
    told = {item.type: item for item in read(text).evidence}
    assert (told["meeting"].date, told["meeting"].due) == (None, None)
    assert (told["pledge"].due, told["pledge"].due_text) == ("XXXX-03-12", "March 12")
    assert {item.due for item in read(text, "2024-05-02").evidence} == {None, "2025-03-12"}


def test_the_same_event_told_more_fully_elsewhere_has_all_its_participants() -> None:
    text = "Emmanuel Macron, Olaf Scholz and Donald Tusk met in Berlin.\nMacron and Scholz held talks in Berlin."
    extraction = read(text)
    assert [len(named(extraction, item)) for item in extraction.evidence] == [3, 3]


def test_evidence_is_firm_from_its_types_bar_on() -> None:
    bars = encoder().labels.firm
    text = "Emmanuel Macron met Olaf Scholz in Berlin.\nMali left ECOWAS.\nIran may have helped an ally in Yemen, the Houthis."
    for item in read(text).evidence:
        assert item.firm == (item.p_correct >= bars[item.type])
    assert any(item.firm for item in read(text).evidence)
