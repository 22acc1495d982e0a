"""What passes between the rooms that read one article: frozen records, checked when they are made.

    bytes ──read──▶ RawArticle ──clean──▶ Document ──extract──▶ Extraction        (the way goes on in kb.knowledge)

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
    """What a file, its container or a sidecar says about an article: strings as found, ``None`` for what is unsaid."""

    title: str | None = None
    url: str | None = None
    author: str | None = None
    source: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    original_language: str | None = None
    translated: bool | None = None
    example: bool | None = Field(None, description="one of the articles that kb itself brings")

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
    """What a stretch of text is; in those that are SPEAKING the article itself speaks of events."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    BODY = "body"
    CAPTION = "caption"
    BYLINE = "byline"
    DISCLAIMER = "disclaimer"
    NOISE = "noise"


SPEAKING = frozenset({PassageKind.TITLE, PassageKind.STANDFIRST, PassageKind.BODY, PassageKind.CAPTION})


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
    example: bool = False


# ── extract ─────────────────────────────────────────────────────────────────────────────────────────


class EntityKind(StrEnum):
    """What an entity is; the value in title case is its label in the graph."""

    PERSON = "person"
    COUNTRY = "country"
    ORGANIZATION = "organization"
    PLACE = "place"
    GROUP = "group"


class Standing(Record):
    """For whom an actor acts: ``country`` as its ISO3 code, ``sector`` as CAMEO's role code (GOV, MIL, REB, LEG …)."""

    country: str | None = None
    sector: str | None = None


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


class GivenOffice(Record):
    """The text says that ``Extraction.actors[actor]`` holds an office of ``Extraction.actors[of]``, a state or body.

    ``office`` is its name in the catalogue; ``text[start:end] == quote``.
    """

    actor: int
    office: str
    of: int
    start: int
    end: int
    quote: str


class Unused(Record):
    """A sentence that was looked at (something in it could tell a fact of ``type``) and not used, with the reason."""

    start: int
    end: int
    type: str
    trigger: str
    reason: str


class CodedEvent(Record):
    """A PLOVER event of the sentence [start, end). ``p_trigger`` is ``None`` where a verb of PLOVER's own tells it."""

    start: int
    end: int
    event: str
    mode: str | None
    trigger: str
    p_trigger: float | None


class Outcome(Record):
    """What became of a trigger [start, end) with its probability: ``evidence`` (its index in the extraction), or a reason."""

    start: int
    end: int
    type: str
    trigger: str
    p_trigger: float
    evidence: int | None = None
    reason: str | None = None


class ReadSentence(Record):
    """A sentence that was read, the kind of its passage, and its triggers in their order."""

    start: int
    end: int
    kind: PassageKind
    outcomes: tuple[Outcome, ...]


class Extraction(Record):
    """All that one text says. A function of the document and the extractor's version alone."""

    article_id: str
    text_id: str
    extractor: str
    actors: tuple[Actor, ...]
    mentions: tuple[Mention, ...]
    evidence: tuple[Evidence, ...]
    unused: tuple[Unused, ...]
    offices: tuple[GivenOffice, ...] = ()

    @model_validator(mode="after")
    def _indices_point_to_actors(self) -> Self:
        known = range(len(self.actors))
        for item in self.evidence:
            used = [filler.actor for filler in item.roles] + [*item.about]
            used += [index for index in (item.place, item.said_by) if index is not None]
            if any(index not in known for index in used):
                raise ValueError(f"evidence at {item.start} names an actor that is not in the extraction")
        if any(index not in known for given in self.offices for index in (given.actor, given.of)):
            raise ValueError("an office is given to or by an actor that is not in the extraction")
        return self


class Explanation(Record):
    """How an extraction came about: each sentence with what became of its triggers, and the passages that were not read."""

    extraction: Extraction
    sentences: tuple[ReadSentence, ...]
    left_out: tuple[Passage, ...]
