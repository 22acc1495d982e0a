"""What passes between the rooms: frozen records, checked when they are made.

    bytes ──read──▶ RawArticle ──clean──▶ Document ──extract──▶ Extraction ──resolve──▶ Reading
                                                        claims of many articles ──resolve──▶ Fact

Offsets count Unicode code points of ``Document.text`` and are half-open: ``text[start:end] == quote``.
"""

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kb.dates import PartialDate


class Record(BaseModel):
    """Base of all records: immutable, compared by value, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ── read ────────────────────────────────────────────────────────────────────────────────────────────


class MediaType(StrEnum):
    """The formats that a reader exists for."""

    TEXT = "text/plain"
    MARKDOWN = "text/markdown"
    HTML = "text/html"
    JSON = "application/json"


class Metadata(Record):
    """What a file, its container or a sidecar says about an article: strings as found, ``None`` where nothing is said."""

    title: str | None = None
    url: str | None = None
    author: str | None = None
    source: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    original_language: str | None = None
    translated: bool | None = None

    def over(self, weaker: "Metadata") -> "Metadata":
        """These values where there are any, else those of ``weaker``."""
        return weaker.model_copy(update=self.model_dump(exclude_none=True))


class ArticleSlice(Record):
    """One article's own bytes inside a delivery; ``id`` is their SHA-256 in hex.

    ``locator`` says where in the delivery: "" for a whole file, "line 12" or "record 3" otherwise.
    """

    id: str
    data: bytes
    media_type: MediaType
    locator: str = ""


class RecordFault(Record):
    """A part of a delivery that is no article, with a reason for people."""

    locator: str
    reason: str


class RawArticle(Record):
    """An article as its reader found it: body (plain text, or the source of HTML) and what the file says of itself."""

    id: str
    media_type: MediaType
    body: str
    metadata: Metadata
    metadata_origin: str = Field(description='where `metadata` stood: "front matter", "json", "html", "" for none')


# ── clean ───────────────────────────────────────────────────────────────────────────────────────────


class PassageKind(StrEnum):
    """What a stretch of text is. Only TITLE, STANDFIRST, BODY and CAPTION are the article speaking of events."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    BODY = "body"
    CAPTION = "caption"
    BYLINE = "byline"
    DISCLAIMER = "disclaimer"
    NOISE = "noise"


class Passage(Record):
    """A stretch of a text, a paragraph as a rule. ``duplicate``: the same words stand earlier in the text."""

    start: int
    end: int
    kind: PassageKind
    duplicate: bool = False


class Source(Record):
    """Who published: ``id`` is a domain without "www.", or a folded name; ``name`` is for people."""

    id: str
    name: str


class Document(Record):
    """A clean article, ready to be read. ``text`` is immutable; ``text_id`` is the SHA-256 of its UTF-8 bytes.

    ``passages`` are sorted and do not overlap. ``published_origin`` says where the date came from
    ("sidecar", "front matter", "json", "html", "byline", "url", "file name"), ``None`` with an unknown date.
    """

    article_id: str
    text_id: str
    text: str
    passages: tuple[Passage, ...]
    media_type: MediaType
    title: str | None = None
    url: str | None = None
    author: str | None = None
    source: Source | None = None
    language: str
    original_language: str | None = None
    translated: bool = False
    published: PartialDate | None = None
    published_origin: str | None = None
    words: int


# ── extract ─────────────────────────────────────────────────────────────────────────────────────────


class EntityKind(StrEnum):
    """What an entity is; the value in title case is its label in the graph."""

    PERSON = "person"
    COUNTRY = "country"
    ORGANIZATION = "organization"
    PLACE = "place"
    GROUP = "group"


class Actor(Record):
    """Whom an article speaks of, within that article: ``name`` is the fullest form, ``names`` all forms, sorted.

    ``known_as`` is the id of the catalogue's actor it was recognised as (``kb.ontology``), if any.
    """

    name: str
    kind: EntityKind
    names: tuple[str, ...]
    known_as: str | None = None


class Mention(Record):
    """A stretch of a text that names (or, as a pronoun, stands for) ``Extraction.actors[actor]``."""

    start: int
    end: int
    actor: int


class RoleFiller(Record):
    """``Extraction.actors[actor]`` in a role of the fact type's catalogue entry."""

    role: str
    actor: int


class Evidence(Record):
    """One sentence's own statement of one fact, in the words of the catalogue.

    ``place``, ``said_by`` and ``about`` index ``Extraction.actors``. ``date`` and ``due`` are ``None`` when unknown,
    and then ``date_text``/``due_text`` may still hold the words ("today"). ``p_correct`` in (0, 1) is the chance that
    the sentence says this; ``firm`` that it is above the catalogue's bar. ``rule`` names what found it.
    """

    type: str
    kind: str | None = None
    status: str
    quote: str
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    roles: tuple[RoleFiller, ...]
    place: int | None = None
    said_by: int | None = None
    about: tuple[int, ...] = ()
    content: str | None = None
    date: PartialDate | None = None
    date_text: str | None = None
    due: PartialDate | None = None
    due_text: str | None = None
    p_correct: float = Field(gt=0, lt=1)
    firm: bool
    rule: str


class Unused(Record):
    """A sentence that was looked at (something in it could tell a fact of ``type``) and not used, with the reason."""

    start: int
    end: int
    type: str
    trigger: str
    reason: str


class Extraction(Record):
    """All that one text says. A function of the document and the extractor's version alone."""

    article_id: str
    text_id: str
    extractor: str
    actors: tuple[Actor, ...]
    mentions: tuple[Mention, ...]
    evidence: tuple[Evidence, ...]
    unused: tuple[Unused, ...]

    @model_validator(mode="after")
    def _indices_point_to_actors(self) -> Self:
        known = range(len(self.actors))
        for item in self.evidence:
            used = [filler.actor for filler in item.roles] + [*item.about]
            used += [index for index in (item.place, item.said_by) if index is not None]
            if any(index not in known for index in used):
                raise ValueError(f"evidence at {item.start} names an actor that is not in the extraction")
        return self


# ── resolve: one article ────────────────────────────────────────────────────────────────────────────


class Entity(Record):
    """A node of the graph. Countries have their ISO3 code as ``id``; ``search`` is name and aliases, folded.

    ``country`` (ISO3) and ``sector`` (GOV, MIL, REB, OPP, PTY, IGO, MED, BUS …) are what the catalogue knows of it.
    ``parent`` is the entity that it is PART_OF (a city's country). ``is_place``: it also carries the label Place.
    """

    id: str
    kind: EntityKind
    name: str
    names: tuple[str, ...]
    search: str
    wikidata: str | None = None
    iso3: str | None = None
    country: str | None = None
    sector: str | None = None
    parent: str | None = None
    is_place: bool = False


class Participant(Record):
    """An entity in a role."""

    role: str
    entity_id: str


class Statement(Record):
    """A piece of evidence with its ids: what ``(:Evidence)`` stores. ``id`` never changes once issued."""

    id: str
    article_id: str
    claim_id: str
    source_id: str
    published: PartialDate | None
    evidence: Evidence
    participants: tuple[Participant, ...]
    place: str | None
    said_by: str | None
    about: tuple[str, ...]


class Claim(Record):
    """What evidence of several articles says in the same words of the catalogue.

    ``date`` is the stated date, ``month`` ("2020-01") that of publication where the date is unknown or coarser than
    the type's tolerance; both ``None`` when neither is known. ``participants`` are sorted by role and entity.
    ``blocks`` are the ids of the blocks it lies in, sorted.
    """

    id: str
    type: str
    kind: str | None
    participants: tuple[Participant, ...]
    date: PartialDate | None
    month: str | None
    due: PartialDate | None
    content_key: str | None
    blocks: tuple[str, ...]


class Tally(Record):
    """How one source states a claim with one status and one day of publication: counts, never sentences.

    ``doubt`` is the product of 1 - p_correct over the evidence; ``said_by`` holds whom it is attributed to.
    """

    claim_id: str
    source_id: str
    status: str
    published: PartialDate | None
    place: str | None
    content: str | None
    date_text: str | None
    due_text: str | None
    evidence: int
    articles: int
    firm: int
    doubt: float
    said_by: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


class ClaimState(Record):
    """A claim with all its tallies: what consolidation reads. A claim without tallies has lost its evidence."""

    claim: Claim
    tallies: tuple[Tally, ...]


class Reading(Record):
    """What one article brings to the graph."""

    document: Document
    extraction: Extraction
    entities: tuple[Entity, ...]
    mention_counts: tuple[tuple[str, int], ...]
    statements: tuple[Statement, ...]
    claims: tuple[Claim, ...]


# ── resolve: many articles ──────────────────────────────────────────────────────────────────────────


class StatusChange(Record):
    """One step of a fact's history: from ``published`` on, sources gave it this status."""

    published: PartialDate | None
    status: str


class Shortcut(Record):
    """A direct edge between two participants, there only while the fact is asserted true."""

    edge: str
    start: str
    end: str


class Fact(Record):
    """What one or more claims state. ``id`` is the hash of the seed claim; all else follows from the claims.

    ``place`` is the most specific one told. ``p_stated`` is the chance that at least one source really says it,
    never that it is true. ``history`` is sorted by publication.
    """

    id: str
    type: str
    kind: str | None
    status: str
    summary: str
    participants: tuple[Participant, ...]
    support: tuple[int, ...] = Field(description="evidence behind each participant, parallel to `participants`")
    place: str | None
    about: tuple[str, ...]
    content: str | None
    date: PartialDate | None
    date_text: str | None
    due: PartialDate | None
    due_text: str | None
    evidence: int
    articles: int
    sources: int
    independent_sources: int
    p_stated: float
    firm: bool
    self_reported: bool
    disputed: bool
    first_reported: PartialDate | None
    last_reported: PartialDate | None
    plover: str | None
    history: tuple[StatusChange, ...]
    claims: tuple[str, ...]
    shortcuts: tuple[Shortcut, ...]
