"""The extractor that reads with catalogue patterns over a parsed text."""

from collections.abc import Sequence

from kb.extract.assembling import Passed, Told, read_sentence
from kb.extract.describing import describe_people
from kb.extract.gathering import dated, gathered
from kb.extract.names import Cast, Draft, Name
from kb.extract.parsing import language_model, parse
from kb.extract.reference import Reader
from kb.extract.segments import Segment, segments
from kb.extract.timing import When, dates_in
from kb.extract.version import extractor_version
from kb.ontology import actors
from kb.records import Actor, Document, Evidence, Extraction, Mention, RoleFiller, Unused


class PatternExtractor:
    """Catalogue patterns over spaCy's parse; each document is read on its own."""

    def __init__(self) -> None:
        self.version = extractor_version()
        language_model()

    def extract(self, documents: Sequence[Document]) -> tuple[Extraction, ...]:
        """One extraction for each document, in their order."""
        return tuple(self._read(document) for document in documents)

    def _read(self, document: Document) -> Extraction:
        pieces = segments(document)
        docs = parse([piece.text for piece in pieces])
        cast = Cast(docs, actors())
        describe_people(cast)
        reader = Reader(docs, cast)
        outcomes = [outcome for sentence in reader.sentences for outcome in read_sentence(*sentence, reader, document)]
        told = [item for item in outcomes if isinstance(item, Told)]
        told = _once(gathered(dated(told, lambda item: _heard(item, reader, document))))
        return Extraction(
            article_id=document.article_id,
            text_id=document.text_id,
            extractor=self.version,
            actors=tuple(_actor(draft) for draft in cast.drafts),
            mentions=tuple(_mention(cast, pieces, name) for name in cast.names),
            evidence=tuple(_evidence(item, document, pieces, cast) for item in told),
            unused=_unused([item for item in outcomes if isinstance(item, Passed)], told, pieces),
        )


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
            item.found.owner.type,
            item.kind,
            tuple(sorted((role, tuple(sorted(who))) for role, who in item.roles.items())),
        )
        if key not in best or item.found.trigger.p > best[key].found.trigger.p:
            best[key] = item
    return sorted(best.values(), key=lambda item: (item.text, item.at))


def _actor(draft: Draft) -> Actor:
    known = draft.known.id if draft.known else None
    return Actor(name=draft.name, kind=draft.kind, names=tuple(sorted({draft.name, *draft.names})), known_as=known)


def _mention(cast: Cast, pieces: Sequence[Segment], name: Name) -> Mention:
    span = cast.docs[name.text][name.start : name.end]
    start, end = pieces[name.text].span(span.start_char, span.end_char)
    return Mention(start=start, end=end, actor=name.actor)


def _evidence(item: Told, document: Document, pieces: Sequence[Segment], cast: Cast) -> Evidence:
    start, end = pieces[item.text].span(*item.sentence)
    fillers = tuple(RoleFiller(role=role, actor=actor) for role, who in item.roles.items() for actor in who)
    used = {filler.actor for filler in fillers} | {item.place, item.said_by}
    doc = cast.docs[item.text]
    around = doc.char_span(*item.sentence)
    names = (cast.name_at(item.text, token) for token in around) if around is not None else ()
    about = tuple(dict.fromkeys(name.actor for name in names if name and name.actor not in used))
    return Evidence(
        type=item.found.owner.type,
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
        p_correct=item.found.trigger.p,
        firm=item.found.trigger.p >= item.found.owner.firm,
        rule=item.found.trigger.rule,
    )


def _date(when: When | None) -> str | None:
    return when.date if when else None


def _words(when: When | None) -> str | None:
    return when.words if when else None


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
