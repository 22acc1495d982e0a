"""Who held which office, and when (``holders/*.toml``), and whom a person's name means in the news of a day."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from kb.dates import PartialDate, interval
from kb.ontology.folding import fold
from kb.records import Record


class Term(Record):
    """A person's time in an office of the actor ``of``; both ends included, each as exact as it is known.

    Without ``until`` the term was not known to have ended when the data was written.
    """

    person: str
    office: str
    of: str
    since: PartialDate
    until: PartialDate | None = None

    def covers(self, day: PartialDate, margin: dt.timedelta = dt.timedelta()) -> bool:
        """Whether the term and what the date may mean have a day in common, the term being longer by a margin."""
        days, first = interval(day), interval(self.since)
        last = interval(self.until)
        if days is None or first is None:
            return False
        return first[0] - margin <= days[1] and (last is None or days[0] <= last[1] + margin)


class Person(Record):
    """A person of the catalogue. ``names`` are full forms, the own ``name`` first; terms are sorted by beginning.

    ``alone`` are single words that mean this person, in the news of the person's terms.
    """

    name: str
    names: tuple[str, ...]
    alone: tuple[str, ...] = ()
    wikidata: str | None = None
    terms: tuple[Term, ...]

    @property
    def id(self) -> str:
        """What an article's person of this name is called in the graph too: "person:tony-blair"."""
        return f"person:{fold(self.name).replace(' ', '-')}"

    def in_the_news(self, day: PartialDate) -> bool:
        """Whether the person held an office on a day, or will or did within the margin."""
        return any(term.covers(day, _MARGIN) for term in self.terms)


class People:
    """All people of the catalogue, found by name."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = tuple(people)
        self._full: dict[str, Person] = {}
        self._alone: dict[str, list[Person]] = {}
        for person in self._people:
            for form in person.names:
                self._full.setdefault(spelling(form), person)
            for word in person.alone:
                self._alone.setdefault(spelling(word), []).append(person)

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people)

    def named(self, names: Iterable[str], day: PartialDate | None) -> Person | None:
        """Whom an article's names of one person mean; ``None`` when they mean nobody known, or more than one.

        A full name decides. A single word does only if no longer name is among them and somebody whom it means by
        itself was in the news on the article's day.
        """
        forms = list(names)
        full = {found.id: found for name in forms if (found := self._full.get(spelling(name)))}
        if not full and day and all(len(name.split()) == 1 for name in forms):
            alone = (person for name in forms for person in self._alone.get(spelling(name), ()))
            full = {person.id: person for person in alone if person.in_the_news(day)}
        return next(iter(full.values())) if len(full) == 1 else None


# A leader is written of by surname while campaigning and for some time after leaving.
_MARGIN = dt.timedelta(days=365)
_SPELLINGS = {
    "muhammad": "mohammed muhammed mohammad mohamed mohamad mahamat",
    "ahmad": "ahmed",
    "abdullah": "abdallah abdulla",
    "abd": "abdel abdul abdal",
    "hussein": "hussain husayn hossein hussien",
    "hassan": "hasan",
    "yusuf": "youssef yousef yousuf yussef yusef",
    "mahmoud": "mahmud",
    "faisal": "faysal feisal",
    "khaled": "khalid",
    "saeed": "said saied",
    "bin": "ibn ben",
    "serge": "sergei sergey",
    "aleksandr": "alexander aleksander alexandr oleksandr",
    "dmitry": "dmitri dmitriy",
    "yury": "yuri yuriy",
    "vasily": "vasili",
}
_SPELLED = {other: word for word, others in _SPELLINGS.items() for other in others.split()}


def spelling(name: str) -> str:
    """A person's name in a form in which common transliterations agree: folded, "Mohamed El-X" as "Muhammad X"."""
    words = (_SPELLED.get(word, word) for word in fold(name).split())
    return " ".join(word for word in words if word not in {"al", "el"})


def _read() -> Iterator[Mapping[str, Any]]:
    folder = files(__package__).joinpath("holders")
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            yield tomllib.loads(path.read_text("utf-8"))


def _terms(table: Mapping[str, Mapping[str, list[list[str]]]]) -> Iterator[Term]:
    for actor, offices in table.items():
        for office, rows in offices.items():
            for name, since, *until in rows:
                yield Term(
                    person=name,
                    office=office.replace("_", " "),
                    of=actor,
                    since=since,
                    until=until[0] if until else None,
                )


@cache
def people() -> People:
    """The people of the catalogue, read once. Raises pydantic's ValidationError when a file of it is wrong."""
    described: dict[str, Mapping[str, Any]] = {}
    terms: dict[str, list[Term]] = {}
    for table in _read():
        described |= table.get("people", {})
        for term in _terms({key: rows for key, rows in table.items() if key != "people"}):
            terms.setdefault(term.person, []).append(term)
    unknown = sorted(described.keys() - terms.keys())
    if unknown:
        raise ValueError(f"kb/ontology/holders describes people who hold no office: {', '.join(unknown)}")
    return People(_person(name, terms[name], described.get(name, {})) for name in sorted(terms))


def _person(name: str, terms: Iterable[Term], row: Mapping[str, Any]) -> Person:
    ordered = tuple(sorted(terms, key=lambda term: (term.since, term.office, term.of)))
    return Person.model_validate({**row, "name": name, "names": (name, *row.get("names", ())), "terms": ordered})
