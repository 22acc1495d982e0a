"""What passes between the rooms that know many articles: entities, statements, claims and facts.

Extraction ──resolve──▶ Reading ──graph──▶ claims of many articles ──resolve──▶ Fact ──graph──▶
"""

from pydantic import Field

from kb.dates import PartialDate
from kb.records import Document, EntityKind, Extraction, Record, Standing

# ── resolve: one article ────────────────────────────────────────────────────────────────────────────


class Tenure(Record):
    """A person's office of the entity ``of``, as articles tell it: it was held when they were published.

    ``article`` is the earliest of the ``articles`` that tell it, and ``quote`` its words.
    """

    office: str
    of: str
    first_reported: PartialDate | None
    last_reported: PartialDate | None
    articles: int
    article: str
    quote: str


class Entity(Record):
    """A node of the graph. Countries have their ISO3 code as ``id``; ``search`` is name and aliases, folded.

    ``country`` (ISO3) and ``sector`` (GOV, MIL, REB, OPP, PTY, IGO, MED, BUS …) are what the catalogue knows of it.
    ``parent`` is the entity that it is PART_OF (a city's country). ``is_place``: it also carries the label Place.
    ``tenures`` are the offices that articles tell of a person beyond the catalogue.
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
    tenures: tuple[Tenure, ...] = ()


class Participant(Record):
    """An entity in a role."""

    role: str
    entity_id: str


class Statement(Record):
    """A piece of evidence with its ids: what ``(:Evidence)`` stores. ``id`` never changes once issued.

    ``participants`` are sorted. ``place_path`` leads from the place to what it lies in: ("place:istanbul", "TUR").
    """

    id: str
    article_id: str
    claim_id: str
    source_id: str
    published: PartialDate | None
    type: str
    kind: str | None
    status: str
    quote: str
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    participants: tuple[Participant, ...]
    place_path: tuple[str, ...]
    said_by: str | None
    about: tuple[str, ...]
    content: str | None
    date: PartialDate | None
    date_text: str | None
    due: PartialDate | None
    due_text: str | None
    p_correct: float
    firm: bool
    rule: str


class Claim(Record):
    """What evidence of several articles says in the same words of the catalogue.

    ``date`` is the stated date. ``month`` ("2020-01") is that of publication where the date alone does not say when;
    both are ``None`` when neither is known. ``participants`` are sorted by role and entity. ``blocks`` are the ids of
    the blocks that it lies in, sorted (``kb.resolve.blocks``).
    """

    id: str
    type: str
    kind: str | None
    participants: tuple[Participant, ...]
    date: PartialDate | None
    month: str | None
    content_key: str | None
    blocks: tuple[str, ...]


class Tally(Record):
    """How one source states a claim with one status, day of publication and place: counts, never sentences.

    ``doubt`` is 1 - p_correct of its strongest sentence. The texts are those of the first sentence by id;
    ``said_by`` and ``about`` hold all entities named by any of its sentences. ``attributed`` counts the sentences
    that say who says so; ``articles`` are the first twelve digits of the articles' ids. ``plover`` and ``plover_mode``
    are the code that most of its sentences have.
    """

    claim_id: str
    source_id: str
    status: str
    published: PartialDate | None
    place_path: tuple[str, ...]
    content: str | None
    date_text: str | None
    due: PartialDate | None
    due_text: str | None
    evidence: int
    articles: tuple[str, ...]
    firm: int
    attributed: int
    doubt: float
    said_by: tuple[str, ...]
    about: tuple[str, ...]
    plover: str | None = None
    plover_mode: str | None = None


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
    never that it is true. ``history`` is sorted by publication. ``plover`` is the PLOVER event type that most sentences
    of its status tell, ``None`` where nothing happened; ``plover_mode`` is how it was done, where any of them says so.
    """

    id: str
    type: str
    kind: str | None
    status: str
    summary: str
    participants: tuple[Participant, ...]
    support: tuple[int, ...] = Field(description="evidence behind each participant, parallel to `participants`")
    standings: tuple[Standing, ...] = Field(description="as of the fact's date, parallel to `participants`")
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
    plover_mode: str | None = None
    history: tuple[StatusChange, ...]
    claims: tuple[str, ...]
    shortcuts: tuple[Shortcut, ...]
