"""An event coder: the PLOVER events of each sentence, as political scientists count them.

A fact needs named actors; an event does not ("the government agreed to free prisoners"). So the coder takes the
extractor's triggers with their status and kind, however many of their actors are named. What a sentence tells first is
what its main clause says: where the main verb is one of PLOVER's own (``plover.toml``) it decides, whatever stands below
it ("condemned the decision to send troops").
"""

from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Span, Token

from kb.extract.encoder import Encoder, Event
from kb.extract.extractor import Prepared, prepare
from kb.extract.lexicon import words
from kb.extract.modality import Mode, asserted, mode
from kb.extract.syntax import children
from kb.ontology import Code, Identity, event_types, fact_types
from kb.records import CodedEvent, Document

# From this probability of its trigger on an event is coded.
SURE = 0.5

_SAYING = words("saying")
_BELOW = frozenset({"amod", "relcl", "acl", "advcl", "appos", "poss", "compound"})


class Coder:
    """Codes the sentences of documents, each document on its own."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def code(self, document: Document) -> tuple[CodedEvent, ...]:
        """The events of a document, sentence by sentence; of those of one sentence the foremost comes first."""
        prepared = prepare(document, self._encoder)
        triggers = [(*prepared.row.tokens(event.start, event.end), event) for event in prepared.marked.events]
        found: list[CodedEvent] = []
        for text, doc in enumerate(prepared.docs):
            for sentence in doc.sents:
                own = [(tokens, event) for at, tokens, event in triggers if at == text and tokens[0].sent == sentence]
                found += _placed(_sentence(sentence, own), prepared, text, sentence)
        return tuple(found)


Told = tuple[Code, str, float | None]
"""A code, the words that tell it, and the probability of the trigger (``None``: a main verb of PLOVER's own)."""


def _sentence(sentence: Span, triggers: Sequence[tuple[list[Token], Event]]) -> list[Told]:
    """What a sentence tells, the foremost first; each event type once."""
    verb = _main(sentence.root)
    ranked: list[tuple[bool, float, Told]] = []
    own = _of_verb(verb)
    if own is not None:
        ranked.append((True, 1.0, (Code(own, None), verb.text, None)))
    for tokens, event in triggers:
        foremost = _foremost(tokens, verb)
        # A bond told of somebody who does something else is no event: "the Russian-backed army attacked".
        in_passing = not foremost and fact_types()[event.type].identity is Identity.STANDING
        code = _of_event(tokens, event, sentence) if event.p >= SURE and not in_passing else None
        if code is not None:
            trigger = sentence.doc[tokens[0].i : tokens[-1].i + 1].text
            ranked.append((foremost, event.p, (code, trigger, event.p)))
    if own is None:
        ranked.sort(key=lambda item: item[:2], reverse=True)
    first: dict[str, Told] = {}
    for _, _, told in ranked:
        first.setdefault(told[0].event, told)
    return list(first.values())


def _main(root: Token) -> Token:
    """The verb that says what happened: of "X said that Y attacked" the second."""
    for _ in range(3):
        told = [child for child in children(root, "ccomp") if child.pos_ in {"VERB", "AUX"}]
        if root.lemma_.lower() not in _SAYING or not told:
            break
        root = told[0]
    return root


def _of_verb(verb: Token) -> str | None:
    """The event type that PLOVER's own verbs tell, seen through tense and negation."""
    name = next((name for lemma, among, name in _verbs() if verb.lemma_.lower() == lemma and _has(verb, among)), None)
    if name is None or verb.pos_ not in {"VERB", "AUX"}:
        return None
    cooperative = event_types()[name].quad.cooperative
    match mode(verb):
        case Mode.DEMANDED:
            return "REQUEST"
        case Mode.REFUSED:
            return "REJECT" if cooperative else None
        case Mode.DENIED | Mode.POSSIBLE | Mode.CONDITIONAL:
            return None
        case Mode.FUTURE if cooperative:
            return "AGREE"
        case Mode.FUTURE if event_types()[name].quad.material:
            return "THREATEN"
    return name


def _of_event(tokens: Sequence[Token], event: Event, sentence: Span) -> Code | None:
    fact_type = fact_types()[event.type]
    grammar = asserted(Span(sentence.doc, tokens[0].i, tokens[-1].i + 1).root)
    if grammar is Mode.DEMANDED:
        return None
    status = fact_type.modes.get(grammar.value, event.status) if grammar else event.status
    trigger = sentence.doc[tokens[0].i : tokens[-1].i + 1].text
    return fact_type.coded(event.kind, status, trigger, sentence.text)


def _foremost(tokens: Sequence[Token], verb: Token) -> bool:
    """Whether a trigger belongs to the main clause, not to a phrase or clause that tells more of somebody."""
    return any(token == verb or not any(step.dep_ in _BELOW for step in _up(token, verb)) for token in tokens)


def _up(token: Token, verb: Token) -> Iterator[Token]:
    while token not in (verb, token.head):
        yield token
        token = token.head


def _has(verb: Token, among: frozenset[str]) -> bool:
    """Whether one of these words belongs to a verb; a particle that is not asked for makes another verb ("backed down")."""
    if not among:
        return not children(verb, "prt")
    near = [child for child in verb.children if child.i > verb.i or child.dep_ == "nsubjpass"]
    near += [child for word in near for child in children(word, "compound", "conj", "pobj")]
    nouns = {word.lemma_.lower() for word in near if word.pos_ in {"NOUN", "PROPN"}}
    # "called on Iran", not "called him on Friday".
    particles = {word.lower_ for word in near if word.dep_ == "prt" or (word.dep_ == "prep" and word.i == verb.i + 1)}
    verbs = {word.lemma_.lower() for word in near if word.dep_ == "xcomp"}
    return bool(among & (nouns | particles | verbs))


@cache
def _verbs() -> tuple[tuple[str, frozenset[str], str], ...]:
    """(lemma, words of which one must depend on it, event type) of all of PLOVER's own verbs; those with words first."""
    rows = []
    for name, event_type in event_types().items():
        for verb in event_type.verbs:
            lemma, _, among = verb.partition(" ")
            rows.append((lemma, frozenset(among.split("|")) if among else frozenset(), name))
    return tuple(sorted(rows, key=lambda row: not row[1]))


def _placed(told: Sequence[Told], prepared: Prepared, text: int, sentence: Span) -> Iterator[CodedEvent]:
    start, end = prepared.pieces[text].span(sentence.start_char, sentence.end_char)
    for code, trigger, p in told:
        yield CodedEvent(start=start, end=end, event=code.event, mode=code.mode, trigger=trigger, p_trigger=p)
