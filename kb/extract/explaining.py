"""Why an article says what it does: each of its sentences with the triggers in it, and what became of them."""

from collections.abc import Iterator

from kb.extract.assembling import Passed, Told
from kb.extract.encoder import Encoder
from kb.extract.extractor import Prepared, Weighed, extraction_of, prepare, tell, weigh
from kb.records import SPEAKING, Document, Explanation, Outcome, ReadSentence


def explain(document: Document, encoder: Encoder, version: str) -> Explanation:
    """How the extraction of a document came about; the extraction is the one that ``Extractor.extract`` gives."""
    prepared = prepare(document, encoder)
    weighed = weigh(document, *tell(document, prepared, encoder.labels), encoder.labels)
    return Explanation(
        extraction=extraction_of(document, prepared, weighed, version),
        sentences=tuple(_sentences(prepared, weighed)),
        left_out=tuple(p for p in document.passages if p.duplicate or p.kind not in SPEAKING),
    )


def _sentences(prepared: Prepared, weighed: Weighed) -> Iterator[ReadSentence]:
    outcomes = [(item.text, item.sentence, _outcome(at, prepared, weighed)) for at, item in enumerate(weighed.outcomes)]
    for text, (piece, doc) in enumerate(zip(prepared.pieces, prepared.docs, strict=True)):
        for sentence in doc.sents:
            bounds = (sentence.start_char, sentence.end_char)
            start, end = piece.span(*bounds)
            own = tuple(outcome for at, around, outcome in outcomes if (at, around) == (text, bounds))
            yield ReadSentence(start=start, end=end, kind=piece.kind, outcomes=own)


def _outcome(at: int, prepared: Prepared, weighed: Weighed) -> Outcome:
    event, item = prepared.marked.events[at], weighed.outcomes[at]
    text, tokens = prepared.row.tokens(event.start, event.end)
    start, end = prepared.pieces[text].span(tokens[0].idx, tokens[-1].idx + len(tokens[-1]))
    trigger = tokens[0].doc[tokens[0].i : tokens[-1].i + 1].text
    place = None if isinstance(item, Passed) else _place(item, weighed.kept)
    twice = None if place is not None else "another trigger of the sentence tells the same"
    return Outcome(
        start=start,
        end=end,
        type=event.type,
        trigger=trigger,
        p_trigger=event.p,
        evidence=place,
        reason=item.reason if isinstance(item, Passed) else twice,
    )


def _place(item: Told, kept: list[Told]) -> int | None:
    """Where a telling stands among those that were kept; its actors and dates may have come from other sentences."""
    key = (item.text, item.at, item.type)
    return next((at for at, other in enumerate(kept) if (other.text, other.at, other.type) == key), None)
