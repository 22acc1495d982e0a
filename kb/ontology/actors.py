"""The catalogue of actors: countries, bodies, places and groups that we know before we read."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from kb.records import EntityKind, Record

_NOT_A_WORD = re.compile(r"[^\w]+")


def fold(name: str) -> str:
    """A name without accents, case and punctuation, words parted by one space: "Türkiye's" → "turkiye s"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _NOT_A_WORD.sub(" ", plain.translate(_LETTERS).casefold()).strip()


# Letters that NFKD does not take apart.
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "’": "", "'": "", ".": ""}
)


class KnownActor(Record):
    """An actor of the catalogue. ``id`` is the ISO3 code for a country, else "kind:word".

    ``names`` are all forms that name it, its own ``name`` first; ``demonyms`` ("Turkish", "Turks") name it only as
    an adjective or for its state. ``country`` is an ISO3 code; ``parent`` the id of the actor it is part of.
    ``capital``: a place that news also use for its country's government.
    """

    id: str
    kind: EntityKind
    name: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...] = ()
    iso3: str | None = None
    wikidata: str | None = None
    country: str | None = None
    sector: str | None = None
    parent: str | None = None
    capital: bool = False


class ActorCatalogue:
    """Known actors by id and by name."""

    def __init__(self, known: Iterable[KnownActor]) -> None:
        self._by_id = {actor.id: actor for actor in known}
        self._names: dict[str, KnownActor] = {}
        self._demonyms: dict[str, KnownActor] = {}
        for actor in self._by_id.values():
            for name in actor.names:
                self._names.setdefault(fold(name), actor)
            for demonym in actor.demonyms:
                self._demonyms.setdefault(fold(demonym), actor)

    def get(self, actor_id: str) -> KnownActor:
        """The actor with this id. Raises KeyError."""
        return self._by_id[actor_id]

    def has(self, actor_id: str) -> bool:
        """True if the catalogue holds this id."""
        return actor_id in self._by_id

    def find(self, name: str) -> KnownActor | None:
        """The actor that a name or a demonym means; a leading article and a final 's are no part of it."""
        folded = _without_frame(name)
        return self._names.get(folded) or self._demonyms.get(folded)

    def is_demonym(self, name: str) -> bool:
        """True if the word names its actor as an adjective ("Turkish") and not by name."""
        folded = _without_frame(name)
        return folded not in self._names and folded in self._demonyms

    def __iter__(self) -> Iterator[KnownActor]:
        return iter(self._by_id.values())


def _without_frame(name: str) -> str:
    return fold(re.sub(r"['’]s?$", "", name.strip())).removeprefix("the ")


@cache
def actors() -> ActorCatalogue:
    """All actors of ``known/*.toml``. Raises pydantic's ValidationError when a file is wrong."""
    folder = files(__package__).joinpath("known")
    found: list[KnownActor] = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            found += [_known(entry) for entry in tomllib.loads(path.read_text("utf-8"))["actors"]]
    return ActorCatalogue(found)


def _known(entry: Mapping[str, object]) -> KnownActor:
    names = entry.get("names", [])
    assert isinstance(names, list)
    return KnownActor.model_validate({**entry, "names": [entry["name"], *names]})
