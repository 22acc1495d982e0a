"""The event coder: what a sentence tells, whether or not its actors are named."""

import pytest

from kb.extract import coder
from tests.extract.reading import document


def _events(text: str) -> list[str]:
    return [f"{item.event} ({item.mode})" if item.mode else item.event for item in coder().code(document(text))]


@pytest.mark.parametrize(
    ("sentence", "event"),
    [
        ("The government agreed to free the prisoners.", "AGREE"),
        ("The two foreign ministers spoke by phone on Monday.", "CONSULT (phone)"),
        ("The delegation visited Oman in May.", "CONSULT (visit)"),
        ("The ministry praised the neighbouring state for its patience.", "SUPPORT"),
        ("The intelligence services shared information on the bombing.", "COOPERATE"),
        ("The agency is providing emergency assistance to Chad.", "AID"),
        ("The opposition condemned the decision to send troops to Chad.", "ACCUSE"),
        ("The opposition said that rebels attacked the harbour.", "ASSAULT"),
        ("The rebels threatened to close the border.", "THREATEN"),
        ("The minister rejected the offer.", "REJECT"),
        ("The ministry summoned the ambassador over the bombing.", "ACCUSE"),
        ("The government will not release the prisoners.", "REJECT"),
        ("The government will release the prisoners.", "AGREE"),
    ],
)
def test_the_foremost_event_is_what_the_main_clause_tells(sentence: str, event: str) -> None:
    assert _events(sentence)[:1] == [event]


@pytest.mark.parametrize(
    "sentence",
    [
        "The weather was fine in the valley.",
        "The rebels did not attack the harbour.",
        "The Norwegian-backed museum opened its doors.",
    ],
)
def test_where_nothing_happened_there_is_no_event(sentence: str) -> None:
    assert _events(sentence) == []


def test_a_particle_makes_another_verb_and_a_day_is_no_demand() -> None:
    assert "SUPPORT" not in _events("The senator backed down.")
    assert "REQUEST" in _events("The senator called on the rebels to free the prisoners.")
    assert "REQUEST" not in _events("The senator called the minister on Friday.")


def test_each_sentence_is_coded_for_itself_with_its_place_in_the_text() -> None:
    text = "  The rebels   attacked the harbour. The\u00a0minister praised Chad.\n\nThe weather was fine."
    events = coder().code(document(text))
    assert [(item.event, text[item.start : item.end]) for item in events] == [
        ("ASSAULT", "The rebels   attacked the harbour."),
        ("SUPPORT", "The\u00a0minister praised Chad."),
    ]
    assert [(item.trigger, item.p_trigger) for item in events] == [("attacked", None), ("praised", None)]


def test_several_events_of_a_sentence_come_with_the_foremost_first_and_each_type_once() -> None:
    events = _events("Emmanuel Macron met Olaf Scholz in Berlin and pledged to send doctors to Chad.")
    assert sorted(events) == ["AGREE", "CONSULT"]
