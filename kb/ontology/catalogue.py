"""The catalogue of fact types: one TOML file each, loaded once and checked as it is loaded."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Self

from pydantic import Field, model_validator

from kb.ontology.plover import Code, Coding, coded
from kb.records import Record


class Identity(StrEnum):
    """When two claims of a type are one fact.

    EVENT: the participants and a date within the tolerance. STANDING: the same kind and roles, whenever it was said.
    COMMITMENT: the same pledger and the same content; without content nothing merges across articles.
    """

    EVENT = "event"
    STANDING = "standing"
    COMMITMENT = "commitment"


class Role(Record):
    """A way to take part. ``actor``: it is part of the fact's identity; else it is a circumstance (a recipient)."""

    name: str
    actor: bool = True


class Edge(Record):
    """The direct edge between participants: ``name`` from each ``start`` role to each ``end`` role.

    ``directed`` edges go from start to end; the others from the smaller to the larger entity id. ``kinds``: only for
    facts of these kinds, all kinds when empty. ``statuses``: only while the fact has one of these.
    """

    name: str
    start: str
    end: str
    directed: bool
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...]


class Example(Record):
    """A sentence and what must be found in it; ``status`` is ``None`` where it tells no fact of the type.

    ``trigger``: the words that tell it, where the others would give it another PLOVER code.
    """

    text: str
    trigger: str | None = None
    status: str | None = None
    kind: str | None = None
    participants: tuple[str, ...] = ()


class FactType(Record):
    """One fact type. ``precedence`` ranks the statuses, the strongest first, where sources of one day disagree.

    ``tolerance_days`` is how far two dates of one event may lie apart (time zones, "late on Tuesday"). ``plover`` is the
    table of PLOVER codes: the first row that fits is a fact's, no row means that nothing happened.
    ``means`` says what the type is, ``meanings`` what each of its roles, kinds and statuses is (``docs/codebook.md``).
    ``phrases`` tell a fact of "kind/status", or "*/status", in a sentence (``kb.resolve.summary``).
    ``placed`` facts happen at a place, ``due`` ones are to be kept by a date; the others just have a date.
    ``modes`` are the statuses that grammar makes certain ("possible": "hypothetical"), whatever was learned.
    ``least_actors`` is how many named actors it takes.
    """

    name: str
    label: str
    means: str
    roles: tuple[Role, ...]
    statuses: tuple[str, ...]
    precedence: tuple[str, ...]
    asserted: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    identity: Identity
    placed: bool = False
    due: bool = False
    least_actors: int = 1
    modes: Mapping[str, str] = Field(default_factory=dict)
    tolerance_days: int = 0
    edges: tuple[Edge, ...]
    plover: tuple[Coding, ...] = ()
    phrases: Mapping[str, str] = Field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    meanings: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _refers_to_what_it_defines(self) -> Self:
        statuses, roles, kinds = set(self.statuses), {role.name for role in self.roles}, set(self.kinds)
        if set(self.precedence) != statuses:
            raise ValueError(f"{self.name}: precedence must rank exactly the statuses")
        for edge in self.edges:
            if not ({edge.start, edge.end} <= roles and set(edge.statuses) <= statuses and set(edge.kinds) <= kinds):
                raise ValueError(f"{self.name}: edge {edge.name} names an unknown role, status or kind")
        if set(self.meanings) != roles | statuses | kinds:
            raise ValueError(f"{self.name}: meanings must tell exactly the roles, kinds and statuses")
        for row in self.plover:
            if not (set(row.statuses) <= statuses and set(row.kinds) <= kinds):
                raise ValueError(f"{self.name}: the row of PLOVER's {row.code} names an unknown status or kind")
        for number, row in enumerate(self.plover):
            if not any(self._reaches(number, kind, status) for status in row.statuses for kind in self._cells(row)):
                raise ValueError(f"{self.name}: rows above take all that row {number + 1} ({row.code}) is for")
        return self

    def _cells(self, row: Coding) -> tuple[str | None, ...]:
        return row.kinds or self.kinds or (None,)

    def _reaches(self, number: int, kind: str | None, status: str) -> bool:
        """Whether no row above is sure to take a kind and status."""
        return not any(row.always and row.covers(kind, status) for row in self.plover[:number])

    @property
    def acting(self) -> tuple[str, ...]:
        """The roles that are part of a fact's identity, in the catalogue's order."""
        return tuple(role.name for role in self.roles if role.actor)

    def coded(self, kind: str | None, status: str, trigger: str = "", sentence: str = "") -> Code | None:
        """The PLOVER code of a kind and status told by these words; ``None`` where it is no event."""
        return coded(self.plover, kind, status, trigger, sentence)


@cache
def fact_types() -> Mapping[str, FactType]:
    """All fact types by name. Raises pydantic's ValidationError when a catalogue file is wrong."""
    found = sorted(
        (path for path in files(__package__).joinpath("facts").iterdir() if path.name.endswith(".toml")),
        key=lambda path: path.name,
    )
    types = (FactType.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in found)
    return MappingProxyType({fact_type.name: fact_type for fact_type in types})
