"""The table of PLOVER codes in the catalogue."""

import pytest
from pydantic import ValidationError

from kb.ontology import Code, FactType, event_types, fact_types


def _code(name: str, kind: str | None, status: str, trigger: str = "", sentence: str = "") -> str:
    return str(fact_types()[name].coded(kind, status, trigger, sentence))


@pytest.mark.parametrize(
    ("trigger", "sentence", "code"),
    [
        ("met", "They met in Bonn.", "CONSULT"),
        ("phone call", "The two had a phone call.", "CONSULT (phone)"),
        ("spoke", "They spoke over the phone.", "CONSULT (phone)"),
        ("visited", "Lavrov visited Algeria.", "CONSULT (visit)"),
        ("summit", "They sat at the summit.", "CONSULT (multilateral)"),
        ("talks", "The talks were mediated by Oman.", "CONSULT (third-party)"),
        ("recalled", "They recalled a meeting.", "CONSULT"),
    ],
)
def test_a_meeting_is_a_consultation_with_the_mode_that_its_words_tell(trigger: str, sentence: str, code: str) -> None:
    assert _code("meeting", None, "occurred", trigger, sentence) == code


def test_what_is_planned_is_agreed_and_what_is_denied_or_only_possible_did_not_happen() -> None:
    assert _code("meeting", None, "planned") == _code("alliance", "treaty", "planned") == "AGREE"
    assert _code("meeting", None, "denied") == _code("meeting", None, "hypothetical") == "None"
    assert _code("pledge", None, "denied") == _code("alliance", "support", "denied") == "None"


def test_a_meeting_refused_is_a_rejection_and_one_called_off_a_reduction_of_relations() -> None:
    assert _code("meeting", None, "cancelled", "refused to meet") == "REJECT (meet)"
    assert _code("meeting", None, "cancelled", "cancelled") == "SANCTION (discontinue)"


def test_a_pledge_is_agreement_unless_it_refuses_or_backs() -> None:
    assert _code("pledge", None, "made", "pledged") == _code("pledge", None, "conditional", "would") == "AGREE"
    assert _code("pledge", None, "made", "noted the pledge") == "AGREE"
    assert _code("pledge", None, "refused") == _code("pledge", None, "made", "will not send") == "REJECT"
    assert _code("pledge", None, "made", "pledged", "Kenya pledged its full support for Somalia.") == "SUPPORT"


def test_words_of_backing_are_support_and_deeds_are_aid_or_cooperation() -> None:
    assert _code("alliance", "support", "in_force", "backs") == "SUPPORT"
    assert _code("alliance", "support", "in_force", "supplies weapons") == "AID"
    assert _code("alliance", "cooperation", "formed", "joint exercise") == "COOPERATE"
    assert _code("alliance", "treaty", "formed", "signed") == "SUPPORT"
    assert _code("alliance", "treaty", "in_force", "treaty") == "None"
    assert _code("alliance", "membership", "ended", "left") == "SANCTION (withdraw)"


def test_every_fact_type_has_a_table_and_event_types_are_whole() -> None:
    assert all(fact_type.plover for fact_type in fact_types().values())
    assert len(event_types()) == 16
    assert Code("CONSULT", "phone") in {Code(r.code, r.mode) for r in fact_types()["meeting"].plover}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"code": "CHAT", "statuses": ["occurred"]}, "no event type CHAT"),
        ({"code": "CONSULT", "mode": "lunch", "statuses": ["occurred"]}, "no mode lunch"),
        ({"code": "CONSULT", "statuses": ["signed"]}, "unknown status"),
        ({"code": "CONSULT", "kinds": ["treaty"], "statuses": ["occurred"]}, "unknown status or kind"),
        ({"code": "REJECT", "statuses": ["occurred"]}, "rows above take all that row"),
    ],
)
def test_a_table_that_is_wrong_does_not_load(row: dict[str, object], reason: str) -> None:
    meeting = fact_types()["meeting"].model_dump(mode="json")
    with pytest.raises(ValidationError, match=reason):
        FactType.model_validate({**meeting, "plover": [*meeting["plover"], row]})
