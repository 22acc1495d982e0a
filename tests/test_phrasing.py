"""Facts and articles in words."""

from kb.phrasing import article_notes, fact_line, fact_lines
from kb.records import EntityKind
from kb.views import ArticleView, EvidenceView, FactView, ParticipantView

SENTENCE = EvidenceView(
    id="e1", quote="After  a\nmeeting, they spoke.", start=0, end=27, sentence_start=0, sentence_end=27, status="occurred",
    p_correct=0.9, firm=True, date_text="today", article_id="a1", title="A headline", source="Wire", url=None,
    published=None, translated=True, original_language="Serbian", example=False,
)  # fmt: skip


def _fact(**changed: object) -> FactView:
    people = [("Ada Ember", "party"), ("Bela Frost", "party")]
    values = {
        "id": "f1", "type": "meeting", "kind": None, "status": "occurred", "summary": "",
        "participants": [ParticipantView(entity_id=n, name=n, kind=EntityKind.PERSON, role=r) for n, r in people],
        "place": "Lakeside", "content": None, "date": None, "date_text": "today", "due": None, "due_text": None,
        "articles": 1, "sources": 1, "independent_sources": 1, "p_stated": 0.9, "firm": True, "self_reported": False,
        "disputed": False, "evidence": [SENTENCE, SENTENCE],
    }  # fmt: skip
    return FactView.model_validate({**values, **changed})


def test_an_unknown_date_is_said_to_be_unknown_with_its_words() -> None:
    line = 'MEETING occurred · Ada Ember – Bela Frost · Lakeside · date unknown ("today") · 2 sentences'
    assert fact_line(_fact()) == line
    assert "date unknown · " in fact_line(_fact(date_text=None))
    assert "2020-01-08 · 2 sentences" in fact_line(_fact(date="2020-01-08"))


def test_who_gives_and_who_receives_are_told_apart() -> None:
    people = [("Ada Ember", "supporter"), ("Bela Frost", "supported")]
    views = [ParticipantView(entity_id=n, name=n, kind=EntityKind.PERSON, role=r) for n, r in people]
    line = fact_line(_fact(type="alliance", kind="support", status="in_force", participants=views, date_text=None))
    assert line.startswith("ALLIANCE support in force · Ada Ember → Bela Frost")


def test_a_pledge_says_what_and_when() -> None:
    line = fact_line(_fact(type="pledge", status="made", content="send ships", due="XXXX-01-12", place=None))
    assert "“send ships” · due XXXX-01-12 · 2 sentences" in line
    assert "date unknown" not in line


def test_doubts_are_said() -> None:
    assert fact_line(_fact(firm=False, disputed=True)).endswith("tentative · disputed")
    assert not fact_line(_fact(firm=False), marked=False).endswith("tentative")


def test_a_translated_quote_says_so_wherever_it_stands() -> None:
    assert fact_lines(_fact())[1] == (
        "    “After a meeting, they spoke.” [machine-translated from Serbian] — Wire · A headline"
    )


def test_an_article_says_what_is_unknown_and_how_to_set_it() -> None:
    values = dict.fromkeys(ArticleView.model_fields)
    article = ArticleView.model_validate(
        {
            **values, "id": "a1", "text_id": "t1", "translated": True, "received": "2020", "state": "done", "attempts": 1,
            "media_type": "text/plain", "example": False, "came_in": ["sub/a.txt"], "facts": [], "unused": [],
        }
    )  # fmt: skip
    notes = "\n".join(article_notes(article))
    assert "machine-translated" in notes
    assert "kb add sub/a.txt --published 2020-01-08" in notes
    assert "sub/a.txt.meta.json" in notes
    assert "no facts found" in notes
