"""The extractor: an encoder marks names, events and roles; a parse tells whom the words mean."""

from collections.abc import Sequence
from typing import NamedTuple

from spacy.tokens import Doc

from kb.extract.assembling import Passed, Teller, Told
from kb.extract.describing import describe_people
from kb.extract.encoder import Encoder, Marked, encoder
from kb.extract.gathering import dated, gathered, of_today
from kb.extract.judging import chance
from kb.extract.labels import FIRM, Labels
from kb.extract.names import Cast, Draft, Name
from kb.extract.parsing import language_model, parse
from kb.extract.people import given_offices, know_people
from kb.extract.reference import Reader
from kb.extract.segments import Segment, segments
from kb.extract.timing import When, dates_in
from kb.extract.version import extractor_version
from kb.extract.words import Words
from kb.ontology import actors
from kb.records import Actor, Document, Evidence, Extraction, GivenOffice, Mention, RoleFiller, Unused


class EncoderExtractor:
    """Reads each document on its own."""

    def __init__(self) -> None:
        self.version = extractor_version()
        self._encoder = encoder()
        language_model()

    def extract(self, documents: Sequence[Document]) -> tuple[Extraction, ...]:
        """One extraction for each document, in their order."""
        return tuple(self._read(document) for document in documents)

    def _read(self, document: Document) -> Extraction:
        return assemble(document, prepare(document, self._encoder), self._encoder.labels, self.version)


class Prepared(NamedTuple):
    """A document as the encoder and the parser see it, before anything is made of it."""

    pieces: tuple[Segment, ...]
    docs: list[Doc]
    row: Words
    marked: Marked


def prepare(document: Document, encoder: Encoder) -> Prepared:
    """Parse and mark a document."""
    pieces = segments(document)
    docs = parse([piece.text for piece in pieces])
    row = Words(docs)
    return Prepared(pieces, docs, row, encoder.mark(row.texts, row.sentences))


def assemble(document: Document, prepared: Prepared, labels: Labels, version: str) -> Extraction:
    """What a document says, by the thresholds of ``labels``."""
    return assembled(document, prepared, *tell(document, prepared, labels), labels, version)


def assembled(
    document: Document,
    prepared: Prepared,
    reader: Reader,
    outcomes: Sequence[Told | Passed],
    labels: Labels,
    version: str,
) -> Extraction:
    """What a document says, from what its triggers tell."""
    return extraction_of(document, prepared, weigh(document, reader, outcomes, labels), version)


class Weighed(NamedTuple):
    """What became of each trigger, in the order of ``Prepared.marked.events``; ``kept`` are the tellings that are evidence."""

    cast: Cast
    outcomes: list[Told | Passed]
    kept: list[Told]


def weigh(document: Document, reader: Reader, outcomes: Sequence[Told | Passed], labels: Labels) -> Weighed:
    """What a document's triggers tell together: each event once a sentence, with the actors of all its sentences."""
    weighed = [judged(item, labels) for item in outcomes]
    told = [item for item in weighed if isinstance(item, Told)]
    told = gathered(dated(told, lambda item: _heard(item, reader, document)), labels)
    subjects = {_type(item) for item in outcomes if item.nth == 0 and item.heads}
    told = of_today(told, subjects, document.published)
    return Weighed(reader.cast, weighed, _once(told))


def extraction_of(document: Document, prepared: Prepared, weighed: Weighed, version: str) -> Extraction:
    """What was weighed, as records; ``evidence`` is parallel to ``Weighed.kept``."""
    cast, outcomes, told = weighed
    return Extraction(
        article_id=document.article_id,
        text_id=document.text_id,
        extractor=version,
        actors=tuple(_actor(draft) for draft in cast.drafts),
        mentions=tuple(_mention(cast, prepared.pieces, name) for name in cast.names),
        evidence=tuple(_evidence(item, document, prepared.pieces, cast) for item in told),
        offices=_offices(cast, document, prepared.pieces),
        unused=_unused([item for item in outcomes if isinstance(item, Passed)], told, prepared.pieces),
    )


def tell(document: Document, prepared: Prepared, labels: Labels) -> tuple[Reader, list[Told | Passed]]:
    """What each trigger tells by itself, with the reader that knows the article's cast."""
    cast = Cast(prepared.docs, prepared.row.spans(prepared.marked.names), actors())
    describe_people(cast)
    know_people(cast, document.published)
    reader = Reader(prepared.docs, cast)
    teller = Teller(prepared.row, reader, document, labels)
    return reader, [teller.tell(event) for event in prepared.marked.events]


def _type(item: Told | Passed) -> str:
    return item.type if isinstance(item, Passed) else item.type.name


def judged(item: Told | Passed, labels: Labels) -> Told | Passed:
    """A telling with the chance that it is right; Passed when that is below its type's bar."""
    if isinstance(item, Passed):
        return item
    name = item.type.name
    p = chance(labels.calibration.get(name, {}), item.signs)
    if p < labels.kept.get(name, 0.5):
        reason = f"reads like one, but is not sure enough ({p:.0%})"
        return Passed(item.text, item.sentence, item.nth, item.heads, name, item.trigger, reason)
    return item._replace(p=p, firm=p >= labels.firm.get(name, FIRM))


def _heard(item: Told, reader: Reader, document: Document) -> When | None:
    """The deictic date of the sentence just before an event's, when that sentence names the event's actors."""
    before = reader.sentence_before(item.text, item.sentence)
    if before is None:
        return None
    who = {actor for actors in item.roles.values() for actor in actors}
    if not who <= set(reader.named(*before)):
        return None
    return next((when for when in dates_in(before[1].text, document.published) if when.deictic), None)


def _once(told: Sequence[Told]) -> list[Told]:
    """One telling per sentence and fact: the surest, the earlier on a tie."""
    best: dict[object, Told] = {}
    for item in told:
        key = (
            item.text,
            item.sentence,
            item.type.name,
            item.kind,
            tuple(sorted((role, tuple(sorted(who))) for role, who in item.roles.items())),
        )
        if key not in best or item.p > best[key].p:
            best[key] = item
    return sorted(best.values(), key=lambda item: (item.text, item.at))


def _actor(draft: Draft) -> Actor:
    known = draft.known.id if draft.known else None
    return Actor(name=draft.name, kind=draft.kind, names=tuple(sorted({draft.name, *draft.names})), known_as=known)


def _mention(cast: Cast, pieces: Sequence[Segment], name: Name) -> Mention:
    span = cast.docs[name.text][name.start : name.end]
    start, end = pieces[name.text].span(span.start_char, span.end_char)
    return Mention(start=start, end=end, actor=name.actor)


def _offices(cast: Cast, document: Document, pieces: Sequence[Segment]) -> tuple[GivenOffice, ...]:
    found = []
    for given in given_offices(cast):
        span = cast.docs[given.text][given.start : given.end]
        start, end = pieces[given.text].span(span.start_char, span.end_char)
        quote = document.text[start:end]
        found.append(
            GivenOffice(actor=given.person, office=given.office, of=given.of, start=start, end=end, quote=quote)
        )
    return tuple(found)


def _evidence(item: Told, document: Document, pieces: Sequence[Segment], cast: Cast) -> Evidence:
    start, end = pieces[item.text].span(*item.sentence)
    fillers = tuple(RoleFiller(role=role, actor=actor) for role, who in item.roles.items() for actor in who)
    used = {filler.actor for filler in fillers} | {item.place, item.said_by}
    doc = cast.docs[item.text]
    around = doc.char_span(*item.sentence)
    names = (cast.name_at(item.text, token) for token in around) if around is not None else ()
    about = tuple(dict.fromkeys(name.actor for name in names if name and name.actor not in used))
    return Evidence(
        type=item.type.name,
        kind=item.kind,
        status=item.status,
        quote=document.text[start:end],
        start=start,
        end=end,
        sentence_start=start,
        sentence_end=end,
        roles=fillers,
        place=item.place,
        said_by=item.said_by,
        about=about,
        content=item.content,
        date=_date(item.when),
        date_text=_words(item.when),
        due=_date(item.due),
        due_text=_words(item.due),
        p_correct=item.p,
        firm=item.firm,
        rule=item.trigger,
    )


def _date(when: When | None) -> str | None:
    return when.date if when else None


def _words(when: When | None) -> str | None:
    return when.words or None if when else None


def _unused(passed: Sequence[Passed], told: Sequence[Told], pieces: Sequence[Segment]) -> tuple[Unused, ...]:
    used = {(item.text, item.sentence) for item in told}
    rows: dict[tuple[int, str], Unused] = {}
    for item in passed:
        if (item.text, item.sentence) not in used:
            start, end = pieces[item.text].span(*item.sentence)
            rows.setdefault(
                (start, item.type), Unused(start=start, end=end, type=item.type, trigger=item.word, reason=item.reason)
            )
    return tuple(rows[key] for key in sorted(rows))
