"""From hits to evidence: roles filled, status, place and dates told, and for what is not used, why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kb.extract.article import Article, Sentence
from kb.extract.cast import Cast
from kb.extract.content import content_of
from kb.extract.dates import Said, find_dates
from kb.extract.frames import Frame, hits
from kb.extract.people import Reader
from kb.extract.roles import Filled, fill
from kb.extract.status import mood, status_of
from kb.extract.syntax import governing_verb, governors
from kb.ontology import FactType, Identity, fact_types
from kb.records import Evidence, PassageKind, RoleFiller, Unused


@dataclass(frozen=True)
class Found:
    """A frame that was filled, before what its neighbours add."""

    frame: Frame
    sentence: Sentence
    trigger: Token
    filled: Filled
    status: str
    place: int | None
    date: Said | None


def assemble(article: Article, cast: Cast) -> tuple[tuple[Evidence, ...], tuple[Unused, ...]]:
    """All evidence of an article, and the sentences that were looked at and not used, in the order of the text."""
    found: list[Found] = []
    unused: list[Unused] = []
    for sentence in article.sentences:
        reader = Reader(cast, sentence)
        told, reasons = _read(article, cast, reader, sentence)
        found += told
        if not told and reasons:
            unused.append(reasons[0])
    published = article.document.published
    said = {sentence.number: find_dates(sentence.span.text, published) for sentence in article.sentences}
    return tuple(_evidence(article, cast, item) for item in _gathered(found, said, cast)), tuple(unused)


def _read(article: Article, cast: Cast, reader: Reader, sentence: Sentence) -> tuple[list[Found], list[Unused]]:
    found: dict[tuple[str, frozenset[tuple[str, int]]], Found] = {}
    reasons: list[Unused] = []
    for token in sentence.span:
        for frame in hits(token):
            filled = fill(frame, token, sentence, reader, cast)
            reason = _objection(frame, token, filled)
            if reason:
                reasons += [] if frame.quiet else [_unused(sentence, frame, token, reason)]
                continue
            status = _status(frame, token, sentence)
            item = Found(
                frame=frame,
                sentence=sentence,
                trigger=token,
                filled=filled,
                status=status,
                place=_place(reader, cast, sentence, token, filled),
                date=_date(article, sentence, token, status),
            )
            _keep_best(found, item)
    return list(found.values()), reasons


def _keep_best(found: dict[tuple[str, frozenset[tuple[str, int]]], Found], item: Found) -> None:
    """One fact of a type for each set of participants: of two triggers the surer, of two sets the larger."""
    mine = frozenset(item.filled.roles)
    for key, other in list(found.items()):
        same = key[0] == item.frame.type and other.frame.kind == item.frame.kind
        if same and {figure for _, figure in mine} <= {figure for _, figure in key[1]}:
            if item.frame.p_correct > other.frame.p_correct and len(mine) == len(key[1]):
                found[key] = item
            return
        if same and {figure for _, figure in key[1]} < {figure for _, figure in mine}:
            del found[key]
    found[item.frame.type, mine] = item


def _objection(frame: Frame, token: Token, filled: Filled) -> str | None:
    """Why a trigger tells no fact, in words for people; ``None`` where it does."""
    actors = {role.name for role in _type(frame).roles if role.actor}
    count = len({figure for role, figure in filled.roles if role in actors})
    if _type(frame).identity is not Identity.EVENT and mood(token).holds("demanded"):
        return "a call on others to act, not an act"
    if filled.objection:
        return filled.objection
    missing = [role for role in frame.needs_roles if role not in {role for role, _ in filled.roles}]
    if missing:
        return f"nobody is named as {missing[0]}"
    if count < frame.needs:
        return "nobody is named who takes part" if count == 0 else "only one participant is named"
    return None


def _status(frame: Frame, token: Token, sentence: Sentence) -> str:
    """A frame's own status, unless a word ends, refuses or denies it or puts it in the future; else what the mood says."""
    found = mood(token, headline=sentence.kind is PassageKind.TITLE)
    overriding = ("ended", "refused", "denied", "negated", "future", "hoped+infinitive")
    if frame.status and not any(found.holds(name) for name in overriding):
        return frame.status
    return status_of(_type(frame), found)


def _place(reader: Reader, cast: Cast, sentence: Sentence, trigger: Token, filled: Filled) -> int | None:
    """The nearest place behind "in" or "at" of the sentence, that of the trigger first."""
    taken = {figure for _, figure in filled.roles}
    candidates: list[tuple[int, int]] = []
    for token in sentence.span:
        if token.dep_ == "prep" and token.lower_ in ("in", "at", "to"):
            for child in token.children:
                figure = reader.named(child) if child.dep_ == "pobj" else None
                if figure is not None and cast.is_place(figure) and (token.lower_ != "to" or token.head == trigger):
                    distance = abs(token.i - trigger.i) - (100 if token.head == trigger else 0)
                    candidates.append((distance + (50 if figure in taken else 0), figure))
    return min(candidates)[1] if candidates else filled.host


def _date(article: Article, sentence: Sentence, trigger: Token, status: str) -> Said | None:
    """The nearest date of the trigger's own clause, or of one above or below it in the parse."""
    said = find_dates(sentence.span.text, article.document.published, ahead=status == "planned")
    at = trigger.idx - sentence.span.start_char
    own = [one for one in said if _tied(sentence, trigger, one)]
    return min(own, key=lambda one: abs(one.start - at), default=None)


def _tied(sentence: Sentence, trigger: Token, said: Said) -> bool:
    """False for a date of a clause beside the trigger's: "after a meeting, they spoke of what had happened overnight"."""
    at = sentence.span.start_char + said.start
    word = next(token for token in sentence.span if token.idx + len(token) > at)
    above = {trigger, *governors(trigger)}
    return governing_verb(word) in above or trigger in governors(word)


def _gathered(found: list[Found], said: dict[int, tuple[Said, ...]], cast: Cast) -> Iterator[Found]:
    """Let an undated meeting have the day of the sentence before it, when that one names the same people.

    News give the day once, with the first sentence: "A and B warned today … After a meeting, the two leaders said …".
    """
    for item in found:
        number = item.sentence.number
        people = {figure for _, figure in item.filled.roles}
        dates = said.get(number - 1, ())
        if (
            item.date is None
            and _type(item.frame).identity is Identity.EVENT
            and people <= set(cast.named_in(number - 1))
        ):
            yield replace(item, date=next(iter(dates), None))
        else:
            yield item


def _evidence(article: Article, cast: Cast, item: Found) -> Evidence:
    fact_type, sentence = _type(item.frame), item.sentence
    commitment = fact_type.identity is Identity.COMMITMENT
    content = content_of(item.trigger) if commitment else None
    due = _due(article, item) if commitment else None
    place = item.place if fact_type.identity is Identity.EVENT else None
    involved = {figure for _, figure in item.filled.roles} | {place}
    date = None if commitment or (fact_type.identity is Identity.STANDING and item.status != "formed") else item.date
    return Evidence(
        type=fact_type.name,
        kind=item.frame.kind,
        status=item.status,
        quote=article.document.text[sentence.start : sentence.end],
        start=sentence.start,
        end=sentence.end,
        sentence_start=sentence.start,
        sentence_end=sentence.end,
        roles=tuple(RoleFiller(role=role, actor=figure) for role, figure in item.filled.roles),
        place=place,
        about=tuple(figure for figure in cast.named_in(sentence.number) if figure not in involved),
        content=content,
        date=date.date if date else None,
        date_text=date.text if date else None,
        due=due.date if due else None,
        due_text=due.text if due else None,
        p_correct=item.frame.p_correct,
        firm=item.frame.p_correct >= fact_type.firm,
        rule=item.frame.name,
    )


def _due(article: Article, item: Found) -> Said | None:
    """The last date behind the trigger: what is undertaken stands behind the word that undertakes it."""
    said = find_dates(item.sentence.span.text, article.document.published, ahead=True)
    at = item.trigger.idx - item.sentence.span.start_char
    behind = [one for one in said if one.start > at]
    return behind[-1] if behind else None


def _unused(sentence: Sentence, frame: Frame, token: Token, reason: str) -> Unused:
    return Unused(start=sentence.start, end=sentence.end, type=frame.type, trigger=token.text, reason=reason)


def _type(frame: Frame) -> FactType:
    return fact_types()[frame.type]
