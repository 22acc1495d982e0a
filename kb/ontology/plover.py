"""PLOVER, the Political Language Ontology for Verifiable Event Records: its event types with their modes, as data.

Names and meanings follow the manual of the Open Event Data Alliance (github.com/openeventdata/PLOVER, 2021), modes those
that its data set POLECAT has (Halterman et al. 2023).
"""

import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple, Self

from pydantic import model_validator

from kb.records import Record


class Quad(StrEnum):
    """Whether an event is words or deeds, with somebody or against him."""

    VERBAL_COOPERATION = "verbal cooperation"
    MATERIAL_COOPERATION = "material cooperation"
    VERBAL_CONFLICT = "verbal conflict"
    MATERIAL_CONFLICT = "material conflict"

    @property
    def cooperative(self) -> bool:
        """True of both kinds of cooperation."""
        return self.value.endswith("cooperation")

    @property
    def material(self) -> bool:
        """True of deeds."""
        return self.value.startswith("material")


class EventType(Record):
    """An event type. ``modes`` tell how it is done.

    ``verbs`` tell it as the main verb of a sentence, whatever facts stand below them ("condemned the decision to send
    troops"); a verb with words behind it ("share evidence|information") needs one of these among its own.
    """

    quad: Quad
    means: str
    modes: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()


class Code(NamedTuple):
    """A PLOVER event type with its mode, where one is told."""

    event: str
    mode: str | None

    def __str__(self) -> str:
        return f"{self.event} ({self.mode})" if self.mode else self.event


class Coding(Record):
    """A row of a fact type's table: facts of these kinds (all, when empty) and statuses are ``code``, done by ``mode``.

    With ``words`` it holds only where a word of the trigger begins with one of them; with ``near``, one of the sentence.
    A space at the end of a word makes it the whole word.
    """

    code: str
    mode: str | None = None
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...]
    words: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_plover(self) -> Self:
        known = event_types().get(self.code)
        if known is None:
            raise ValueError(f"PLOVER has no event type {self.code}")
        if self.mode is not None and self.mode not in known.modes:
            raise ValueError(f"PLOVER's {self.code} has no mode {self.mode}; it has {', '.join(known.modes) or 'none'}")
        return self

    @property
    def always(self) -> bool:
        """True if no word decides."""
        return not (self.words or self.near)

    def covers(self, kind: str | None, status: str) -> bool:
        """Whether facts of this kind and status are meant."""
        return status in self.statuses and (not self.kinds or kind in self.kinds)

    def told(self, trigger: str, sentence: str) -> bool:
        """Whether the words are there."""
        return _begins(trigger, self.words) and _begins(sentence, self.near)


def coded(table: Sequence[Coding], kind: str | None, status: str, trigger: str, sentence: str) -> Code | None:
    """The code of the first row that fits; ``None`` where nothing happened."""
    for row in table:
        if row.covers(kind, status) and row.told(trigger, sentence):
            return Code(row.code, row.mode)
    return None


@cache
def event_types() -> Mapping[str, EventType]:
    """All event types by name, in PLOVER's order."""
    found = tomllib.loads(files(__package__).joinpath("plover.toml").read_text("utf-8"))
    return MappingProxyType({name: EventType.model_validate(row) for name, row in found.items()})


def _begins(text: str, stems: Sequence[str]) -> bool:
    folded = f" {' '.join(text.lower().replace('’', chr(39)).split())} "
    return not stems or any(f" {stem}" in folded for stem in stems)
