"""What people are shown: facts with their sentences, articles with their way, counts; read from the graph only."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from kb.dates import PartialDate
from kb.knowledge import StatusChange
from kb.records import EntityKind, Record, Unused


class ParticipantView(Record):
    """An entity in a role, by name; ``support`` is the number of pieces of evidence that put it there."""

    entity_id: str
    name: str
    kind: EntityKind
    role: str
    support: int = 1


class EvidenceView(Record):
    """A sentence behind a fact, with all that a citation needs."""

    id: str
    quote: str
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    status: str
    p_correct: float
    firm: bool
    date_text: str | None
    article_id: str
    title: str | None
    source: str | None
    url: str | None
    published: PartialDate | None
    translated: bool
    original_language: str | None
    example: bool


class FactView(Record):
    """A fact in words, with its evidence sorted by publication, article and position; ``plover`` is its PLOVER code."""

    id: str
    type: str
    kind: str | None
    status: str
    summary: str
    participants: tuple[ParticipantView, ...]
    place: str | None
    content: str | None
    date: PartialDate | None
    date_text: str | None
    due: PartialDate | None
    due_text: str | None
    articles: int
    sources: int
    independent_sources: int
    p_stated: float
    firm: bool
    self_reported: bool
    disputed: bool
    plover: str | None = None
    plover_mode: str | None = None
    history: tuple[StatusChange, ...] = ()
    evidence: tuple[EvidenceView, ...]

    @property
    def example(self) -> bool:
        """True if nothing but kb's own example articles states it."""
        return all(item.example for item in self.evidence)


class ArticleView(Record):
    """An article and how far it has come. ``unused``: sentences that were looked at and not used, with reasons."""

    id: str
    text_id: str | None
    title: str | None
    url: str | None
    author: str | None
    source: str | None
    language: str | None
    original_language: str | None
    translated: bool
    published: PartialDate | None
    published_origin: str | None
    received: str
    state: str
    reason: str | None
    error: str | None
    attempts: int
    media_type: str
    words: int | None
    extractor: str | None
    example: bool
    came_in: tuple[str, ...] = Field(description="paths of its deliveries, with the locator inside each")
    facts: tuple[str, ...] = Field(description="ids of the facts it is evidence for")
    extraction_id: str | None = Field(None, description="blob with the whole extraction, as JSON")
    unused: tuple[Unused, ...] = ()


class EntityView(Record):
    """An entity with its names and the facts it takes part in."""

    id: str
    name: str
    kind: EntityKind
    names: tuple[str, ...]
    wikidata: str | None
    iso3: str | None
    facts: tuple[str, ...]


class DeliveryView(Record):
    """One arrival of one file."""

    id: str
    path: str
    blob: str
    received: str
    state: str
    reason: str | None
    articles: tuple[str, ...]


class WithdrawnView(Record):
    """Where the id of evidence leads whose article was withdrawn or replaced."""

    id: str
    article_id: str
    withdrawn: str
    reason: str


class StatusView(Record):
    """How the system stands. ``oldest_waiting`` in seconds, ``None`` when nothing waits."""

    deliveries: Mapping[str, int]
    articles: Mapping[str, int]
    facts: Mapping[str, int]
    oldest_waiting: float | None


class FailureView(Record):
    """Work that was set aside, with what a person needs to decide about a retry."""

    kind: Literal["delivery", "article"]
    id: str
    name: str
    stage: str
    error_class: str
    message: str
    traceback: str | None
    attempts: int
    failed_at: str
