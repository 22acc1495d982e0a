"""The pieces that pages are made of. All text goes through elements that escape it; nothing is ever made of HTML strings."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files

from nicegui import ui

from kb.phrasing import article_notes, counted, fact_line, marks, unused_line
from kb.records import Unused
from kb.views import ArticleView, EvidenceView, FactView

_STYLE = files(__package__).joinpath("theme.css").read_text("utf-8")


@contextmanager
def page(title: str) -> Iterator[None]:
    """A page's frame: style, width, title."""
    ui.page_title(title)
    ui.add_css(_STYLE)
    with element("main", "kb"):
        yield


def element(tag: str, classes: str = "") -> ui.element:
    """A plain element with classes of ours."""
    return ui.element(tag).classes(classes)


def link(text: str, target: str, classes: str = "") -> None:
    """A link within the pages, or to a source (in a tab of its own, without referrer)."""
    made = ui.link(text, target, new_tab=not target.startswith("/")).classes(classes)
    made.props("rel=noreferrer")


def fact_card(fact: FactView) -> None:
    """A fact in words, with its sentences under it."""
    with element("article", "card fact"):
        with element("div"):
            link(fact_line(fact, marked=False), f"/fact/{fact.id}", "what")
            for mark, holds in marks(fact):
                if holds:
                    ui.label(mark).classes("tag inline-block" + (" warn" if mark == "disputed" else ""))
        for sentence in fact.evidence[:5]:
            quote(sentence)
        if len(fact.evidence) > 5:
            ui.label(f"and {counted(len(fact.evidence) - 5, 'more sentence')}").classes("soft small")


def quote(sentence: EvidenceView) -> None:
    """A sentence, where it stands, and that it is a translation."""
    with element("blockquote"):
        ui.label(f"“{' '.join(sentence.quote.split())}”")
        with element("div", "small soft"):
            where = " · ".join(part for part in (sentence.source, sentence.published) if part)
            link(sentence.title or "article", f"/article/{sentence.article_id}")
            ui.label(f" {where or 'unknown source'}").classes("inline-label")
            if sentence.translated:
                ui.label("machine-translated").classes("tag warn")
            if sentence.example:
                ui.label("example").classes("tag")


def article_card(article: ArticleView, text: str | None, unused: Sequence[Unused]) -> None:
    """An article with its state, what must be known of it, and what was not used."""
    with element("article", "card article"):
        with element("div"):
            link(article.title or ", ".join(article.came_in) or article.id[:16], f"/article/{article.id}", "what")
            ui.label(article.state).classes("tag" + (" warn" if article.state in ("failed", "rejected") else ""))
            if article.translated:
                ui.label("machine-translated").classes("tag warn")
            if article.example:
                ui.label("example").classes("tag")
        for note in article_notes(article):
            ui.label(note).classes("small soft")
        if text is not None and unused:
            unused_list(text, unused)


def unused_list(text: str, unused: Sequence[Unused]) -> None:
    """The sentences that were looked at and not used, folded up."""
    with element("details", "small"):
        with element("summary"):
            ui.label(f"{counted(len(unused), 'sentence')} looked at and not used").classes("inline-label")
        with element("ul"):
            for item in unused:
                with element("li"):
                    ui.label(unused_line(item, text))


def count(number: int, name: str, *, bad: bool = False) -> None:
    """A number under its name."""
    with element("div", "count bad" if bad and number else "count"):
        with element("b"):
            ui.label(f"{number:,}")
        ui.label(name).classes("small soft")


def highlighted(text: str, spans: Sequence[tuple[int, int]]) -> None:
    """A text with stretches marked; the first can be scrolled to."""
    with element("div", "text"):
        at = 0
        for start, end in sorted(set(spans)):
            if start < at:
                continue
            _run(text[at:start], "span")
            _run(text[start:end], "mark")
            at = end
        _run(text[at:], "span")


def _run(text: str, tag: str) -> None:
    if text:
        with element(tag):
            ui.label(text).classes("run")
