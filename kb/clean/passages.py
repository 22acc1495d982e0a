"""What each paragraph of a text is: by its own words (``rules.toml``) first, then by where it stands."""

from collections.abc import Iterator, Sequence

from kb.clean.normalise import folded
from kb.clean.paragraphs import Paragraph, ends_sentence, paragraphs
from kb.clean.rules import Rule, lead_of, rule_for
from kb.records import Passage, PassageKind

_TITLE_CHARS = 200
_TITLE_LINES = 5
_STANDFIRST_CHARS = range(25, 351)
_HEADER_CHARS = 40
_TEASER_CHARS = 120
_TAG_CHARS = 60
_MIN_CHARS_AFTER_LEAD = 20
_MARKS = frozenset({PassageKind.NOISE, PassageKind.CAPTION, PassageKind.BYLINE, PassageKind.DISCLAIMER})


def find_title(text: str) -> str | None:
    """The title of a text that comes without one: the first short line that is no sentence and has a text after it."""
    found = paragraphs(text, None)
    for paragraph in found[:_TITLE_LINES]:
        words = paragraph.words
        if rule_for(words) or len(words.split()) < 3:
            continue
        is_title = len(words) <= _TITLE_CHARS and not words.endswith((".", ":", ";", ","))
        return words if is_title and paragraph is not found[-1] else None
    return None


def mark(text: str, title: str | None) -> tuple[tuple[Passage, ...], bool]:
    """The passages of a text in ``normal`` form, and whether one of them says that a machine translated it."""
    pieces = [piece for paragraph in paragraphs(text, title) for piece in _pieces(paragraph)]
    found, rules = [paragraph for paragraph, _ in pieces], [rule for _, rule in pieces]
    kinds = _Kinds(found, rules, title)
    seen: set[str] = set()
    passages: list[Passage] = []
    for paragraph, kind in zip(found, kinds.found, strict=True):
        words = folded(paragraph.words)
        passages.append(
            Passage(start=paragraph.start, end=paragraph.end, kind=kind, duplicate=bool(words) and words in seen)
        )
        seen.add(words)
    return tuple(passages), any(rule is not None and rule.translation for rule in rules)


def _pieces(paragraph: Paragraph) -> Iterator[tuple[Paragraph, Rule | None]]:
    lead = lead_of(paragraph.words)
    if lead and len(paragraph.words) - lead[1] >= _MIN_CHARS_AFTER_LEAD:
        rule, size = lead
        middle = paragraph.start + size
        yield Paragraph(paragraph.start, middle - 1, paragraph.words[: size - 1]), rule
        paragraph = Paragraph(middle, paragraph.end, paragraph.words[size:])
    yield paragraph, rule_for(paragraph.words)


class _Kinds:
    """The kinds of all paragraphs; each step fills in what the steps before left open."""

    def __init__(self, found: Sequence[Paragraph], rules: Sequence[Rule | None], title: str | None) -> None:
        self._words = [paragraph.words for paragraph in found]
        self._rules = rules
        self._kinds: list[PassageKind | None] = [rule.kind if rule else None for rule in rules]
        self._lists()
        self._headers(self._titles(title))
        self._tail()
        self.found = [kind or PassageKind.BODY for kind in self._kinds]

    def _titles(self, title: str | None) -> int:
        """Marks every repeat of the title; the number of paragraphs up to the last of those at the top."""
        same = folded(title or "")
        body_at = 0
        for index, words in enumerate(self._words):
            if not same or folded(words) != same:
                continue
            self._kinds[index] = PassageKind.TITLE
            if index < _TITLE_LINES + 3 and all(len(between) <= _TEASER_CHARS for between in self._words[:index]):
                body_at = index + 1
        return body_at

    def _headers(self, body_at: int) -> None:
        """Site names and sections above the title and before the first sentence; then the standfirst."""
        self._fill(range(body_at), PassageKind.NOISE)
        rest = [index for index in range(body_at, len(self._words)) if self._kinds[index] is None]
        first = next((index for index in rest if self._is_text(index)), None)
        if first is None:
            return
        self._fill(range(body_at, first), PassageKind.NOISE)
        second = next((index for index in rest if index > first), None)
        marked = first + 1 < len(self._kinds) and self._kinds[first + 1] in _MARKS
        fits = len(self._words[first]) in _STANDFIRST_CHARS
        if body_at and second and fits and (marked or not ends_sentence(self._words[first])):
            self._kinds[first] = PassageKind.STANDFIRST

    def _lists(self) -> None:
        """Lists of tags or teasers under a heading such as "Related": short lines up to the next sentence."""
        opened = False
        for index, rule in enumerate(self._rules):
            short = len(self._words[index]) <= _TEASER_CHARS and not ends_sentence(self._words[index])
            if rule is not None:
                opened = rule.opens or (opened and rule.kind is PassageKind.NOISE)
            elif opened and short:
                self._kinds[index] = PassageKind.NOISE
            else:
                opened = False

    def _tail(self) -> None:
        """Tags and names left after the last sentence."""
        last = max((index for index in range(len(self._words)) if self._is_body(index)), default=None)
        if last is not None:
            self._fill(range(last + 1, len(self._words)), PassageKind.NOISE)

    def _is_text(self, index: int) -> bool:
        words = self._words[index]
        return len(words) > _HEADER_CHARS or (ends_sentence(words) and len(words.split()) > 2)

    def _is_body(self, index: int) -> bool:
        words = self._words[index]
        return self._kinds[index] is None and (len(words) > _TAG_CHARS or ends_sentence(words))

    def _fill(self, indexes: range, kind: PassageKind) -> None:
        for index in indexes:
            self._kinds[index] = self._kinds[index] or kind
