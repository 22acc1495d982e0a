"""The pages: overview, fact, article. They show what the poller saw, and change without a click."""

from collections.abc import Callable

from nicegui import run, ui

from kb.errors import KbError
from kb.phrasing import counted, fact_line, plover_line
from kb.records import Unused
from kb.views import ArticleView, DeliveryView, EntityView, FactView, WithdrawnView
from workers.dashboard import parts
from workers.dashboard.poll import Poller
from workers.monitor import WorkerView

_FUNNEL = ("received", "queued", "processing", "done", "rejected", "failed")
_LOOK_SECONDS = 0.5


def register(poller: Poller, inbox: str) -> None:
    """Make the pages known to the application."""

    @ui.page("/")
    def overview() -> None:
        with parts.page("kb"):
            _refreshed(poller, lambda: _overview(poller, inbox))

    @ui.page("/fact/{item_id}")
    async def fact(item_id: str) -> None:
        await _item(poller, item_id)

    @ui.page("/article/{item_id}")
    async def article(item_id: str) -> None:
        await _item(poller, item_id)


def _refreshed(poller: Poller, build: Callable[[], None]) -> None:
    """Build now, and again whenever the poller has seen something new."""
    section = ui.refreshable(build)
    section()
    shown = {"version": poller.version}

    def look() -> None:
        if shown["version"] != poller.version:
            shown["version"] = poller.version
            section.refresh()

    ui.timer(_LOOK_SECONDS, look)


def _overview(poller: Poller, inbox: str) -> None:
    seen = poller.seen
    colour, said = seen.light
    with parts.element("header"):
        with parts.element("h1"):
            ui.label("kb")
        with parts.element("div"):
            parts.element("span", f"light {colour}").props(f'role=img aria-label="{colour}"')
            ui.label(said).classes("inline-label")
        ui.label(f"Drop articles into {inbox}").classes("soft small")
    if seen.status is None:
        return
    articles, deliveries = seen.status.articles, seen.status.deliveries
    with parts.element("section", "funnel"):
        for state in _FUNNEL:
            extra = articles.get("extracted", 0) if state == "processing" else 0
            rejected = deliveries.get(state, 0) if state in ("rejected", "failed") else 0
            parts.count(articles.get(state, 0) + extra + rejected, state, bad=state in ("failed", "rejected"))
        parts.count(deliveries.get("duplicate", 0), "duplicate")
        parts.count(sum(seen.status.facts.values()), "facts")
    _heading("Facts")
    for fact in seen.facts:
        parts.fact_card(fact)
    if not seen.facts:
        ui.label(f"No facts yet. Drop a .txt, .md, .html, .json or .jsonl file into {inbox}.").classes("card")
    _heading("Articles")
    for article, kept in zip(seen.articles, seen.readings, strict=True):
        parts.article_card(article, *kept)
    if not seen.articles:
        ui.label("No articles yet.").classes("card")
    _heading("Workers")
    _workers(seen.workers, seen.queue)


def _heading(text: str) -> None:
    with parts.element("h2"):
        ui.label(text)


def _workers(workers: tuple[WorkerView, ...], queue: int | None) -> None:
    if not workers:
        ui.label("No worker answers. `kb up` starts them; a new one shows within seconds.").classes("card")
        return
    with parts.element("div", "scroll card"), parts.element("table"):
        _row("th", ("worker", "process", "processes", "active", "done", "load", "memory MB"))
        for worker in workers:
            memory = "" if worker.memory is None else f"{worker.memory:.0f}"
            numbers = (worker.pid, worker.processes, worker.active, worker.done, f"{worker.load:.1f}", memory)
            _row("td", (worker.name, *map(str, numbers)))
    ui.label(f"{'unknown number of' if queue is None else queue} messages on the queue").classes("small soft")


def _row(tag: str, cells: tuple[str, ...]) -> None:
    with parts.element("tr"):
        for number, cell in enumerate(cells):
            with parts.element(tag, "n" if number else ""):
                ui.label(cell)


async def _item(poller: Poller, item_id: str) -> None:
    try:
        opened = await run.io_bound(poller.open, item_id)
    except KbError as error:
        with parts.page("kb"):
            _head("Not found")
            ui.label(str(error)).classes("card")
        return
    if opened is None:  # the page is closing down
        return
    found, facts, kept = opened
    match found:
        case FactView():
            _fact(found)
        case ArticleView():
            _article(found, facts, *kept)
        case WithdrawnView():
            with parts.page("kb · withdrawn"):
                _head("Withdrawn")
                ui.label(f"withdrawn on {found.withdrawn[:10]}, because: {found.reason}").classes("card")
                parts.link("its article", f"/article/{found.article_id}")
        case EntityView() | DeliveryView():
            with parts.page("kb"):
                _head(found.name if isinstance(found, EntityView) else found.path)
                ui.label(f"id {found.id}").classes("card")


def _head(title: str) -> None:
    with parts.element("header"):
        parts.link("kb", "/")
        with parts.element("h1"):
            ui.label(title)


def _fact(fact: FactView) -> None:
    with parts.page(f"kb · {fact.summary}"):
        _head(fact.summary)
        with parts.element("div", "card"):
            ui.label(fact_line(fact)).classes("what")
            sources = f"{fact.independent_sources} of {counted(fact.sources, 'source')} independent"
            stated = f"stated with p = {fact.p_stated:.2f}, {counted(fact.articles, 'article')}, {sources}"
            ui.label(f"{stated}. That it was said does not make it true.").classes("small soft")
            ui.label(plover_line(fact)).classes("small")
            for change in fact.history:
                ui.label(f"{change.published or 'unknown day'}: {change.status.replace('_', ' ')}").classes("small")
        _heading("Sentences")
        for sentence in fact.evidence:
            with parts.element("div", "card"):
                parts.quote(sentence)
                ui.label(f"evidence {sentence.id[:16]}, characters {sentence.start} to {sentence.end}").classes(
                    "small soft"
                )


def _article(article: ArticleView, facts: tuple[FactView, ...], text: str | None, unused: tuple[Unused, ...]) -> None:
    with parts.page(f"kb · {article.title or 'article'}"):
        _head(article.title or article.id[:16])
        parts.article_card(article, None, ())
        for fact in facts:
            parts.fact_card(fact)
        if text is not None:
            spans = [(e.start, e.end) for fact in facts for e in fact.evidence if e.article_id == article.id]
            _heading("Text")
            with parts.element("div", "card"):
                parts.highlighted(text, spans)
            if unused:
                parts.unused_list(text, unused)
