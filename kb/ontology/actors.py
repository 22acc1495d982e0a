"""The catalogue of actors: who and what we know before we read (``known/*.toml``, people in ``holders/*.toml``)."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from kb.dates import PartialDate
from kb.ontology.folding import without_accents
from kb.ontology.people import Person, Term, people
from kb.records import EntityKind, Record, Standing


class Before(Standing):
    """What an actor's standing was ``until`` then; what is not said was as it is today."""

    until: PartialDate


class KnownActor(Record):
    """An actor of the catalogue. ``id`` is the ISO3 code for a country, else a short stable word.

    ``names`` are all forms that name it, its own ``name`` first; ``demonyms`` ("Turkish", "Turks") name it only as
    an adjective or for its state, ``metonyms`` ("Kremlin") only as one who acts. ``country`` is an ISO3 code;
    ``parent`` the id of the actor it is part of. ``was`` tells other standings of the past, sorted. ``terms`` are a
    person's, sorted by beginning.
    """

    id: str
    kind: EntityKind
    name: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()
    iso3: str | None = None
    wikidata: str | None = None
    country: str | None = None
    sector: str | None = None
    parent: str | None = None
    capital: bool = False
    was: tuple[Before, ...] = ()
    terms: tuple[Term, ...] = ()


class ActorCatalogue:
    """All known actors, found by id or, other than people, by any name; whom a person's name means hangs on the
    day (``kb.ontology.people``).

    Names are compared without accents, points and case; but a name in capitals ("US", "WHO") is only found in capitals,
    because the same letters are often an ordinary word.
    """

    def __init__(self, known: Iterable[KnownActor]) -> None:
        self._by_id = {actor.id: actor for actor in known}
        self._by_name: dict[str, KnownActor] = {}
        self._demonyms: dict[str, KnownActor] = {}
        self._standing: dict[str, KnownActor] = {}
        for actor in self._by_id.values():
            if actor.kind is EntityKind.PERSON:
                continue
            for table, forms in (
                (self._by_name, actor.names),
                (self._demonyms, actor.demonyms),
                (self._standing, actor.metonyms),
            ):
                for form in forms:
                    table.setdefault(_key(form), actor)
            if actor.capital and actor.parent:
                for form in actor.names:
                    self._standing.setdefault(_key(form), self._by_id[actor.parent])

    def __iter__(self) -> Iterator[KnownActor]:
        return iter(self._by_id.values())

    def get(self, actor_id: str) -> KnownActor:
        """The actor with this id. Raises KeyError."""
        return self._by_id[actor_id]

    def has(self, actor_id: str) -> bool:
        """True if the catalogue holds this id."""
        return actor_id in self._by_id

    def find(self, name: str) -> KnownActor | None:
        """Whom a name, a demonym or a metonym names; a capital's name is the place (see ``acting``)."""
        for key in _lookups(name):
            found = self._by_name.get(key) or self._demonyms.get(key) or self._standing.get(key)
            if found:
                return found
        return None

    def acting(self, name: str) -> KnownActor | None:
        """Whom a name stands for when it acts: like ``find``, but a capital or a house is its state."""
        return next((self._standing[key] for key in _lookups(name) if key in self._standing), None) or self.find(name)

    def is_demonym(self, word: str) -> bool:
        """Whether a word is only an adjective or a people ("Turkish"), not a name of its own."""
        return any(key in self._demonyms and key not in self._by_name for key in _lookups(word))


# The longest name in the catalogue that is an acronym has six letters; longer capitals are a headline's.
_LONGEST_ACRONYM = 6


def _plain(name: str) -> str:
    words = re.split(r"[\s-]+", without_accents(name.replace("’", "'")).replace(".", "").strip())
    return " ".join(words[1:] if len(words) > 1 and words[0].casefold() == "the" else words)


def _key(name: str) -> str:
    plain = _plain(name)
    return plain if plain.isupper() and len(plain) <= _LONGEST_ACRONYM else plain.casefold()


def _lookups(name: str) -> tuple[str, ...]:
    plain = _plain(name)
    return (plain, plain.casefold()) if plain.isupper() else (plain.casefold(),)


def _countries(table: Mapping[str, Mapping[str, Any]]) -> Iterator[KnownActor]:
    for iso3, row in table.items():
        yield KnownActor(
            id=iso3,
            kind=EntityKind.COUNTRY,
            name=row["name"],
            names=(row["name"], *row.get("names", ())),
            demonyms=tuple(row.get("demonyms", ())),
            metonyms=tuple(row.get("metonyms", ())),
            iso3=iso3,
            wikidata=row.get("wikidata"),
            country=iso3,
            sector="GOV",
            was=row.get("was", ()),
        )
        for capital in row.get("capitals", ()):
            yield KnownActor(
                id=re.sub(r"\W+", "-", _key(capital[0])),
                kind=EntityKind.PLACE,
                name=capital[0],
                names=tuple(capital),
                country=iso3,
                parent=iso3,
                capital=True,
            )


def _others(table: Mapping[str, Mapping[str, Any]]) -> Iterator[KnownActor]:
    for actor_id, row in table.items():
        names = (row["name"], *row.get("names", ()))
        country = row["parent"] if row["kind"] == EntityKind.PLACE else row.get("country")
        yield KnownActor.model_validate({**row, "id": actor_id, "names": names, "country": country})


def _person(person: Person) -> KnownActor:
    shown = person.model_dump(include={"name", "names", "wikidata"})
    return KnownActor(**shown, id=person.id, kind=EntityKind.PERSON, terms=person.terms)


@cache
def actors() -> ActorCatalogue:
    """The catalogue, read once. Raises pydantic's ValidationError when a file of it is wrong."""
    tables = {
        path.name: tomllib.loads(path.read_text("utf-8"))
        for path in sorted(files(__package__).joinpath("known").iterdir(), key=lambda path: path.name)
        if path.name.endswith(".toml")
    }
    known = [*_countries(tables.pop("countries.toml"))]
    for table in tables.values():
        known += _others(table)
    known += (_person(person) for person in people())
    return ActorCatalogue(known)
