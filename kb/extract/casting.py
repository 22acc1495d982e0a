"""Who fills the roles of an event: the names among its role words, and whom its pronouns and nouns stand for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from spacy.tokens import Span

from kb.extract.encoder import DATE, PLACE, Event, RoleSpan
from kb.extract.lexicon import words
from kb.extract.names import Name
from kb.extract.reference import Reader
from kb.extract.words import Words
from kb.ontology import FactType
from kb.records import EntityKind

Roles = dict[str, tuple[int, ...]]
# A word surely stands for a name from SURE up, and likely takes part from LIKELY up; below FAINT neither a reference nor a
# role is believed.
SURE, LIKELY, FAINT = 0.85, 0.4, 0.15

_DEFINITE = words("definite")


def acting(fact_type: FactType, roles: Roles) -> frozenset[int]:
    """The actors that are part of a fact's identity."""
    return frozenset(actor for role in fact_type.acting for actor in roles.get(role, ()))


class Filled(NamedTuple):
    """Actors by role; the ``weakest`` probability of an acting role; how many ``joined`` as the likeliest others, and how
    many the role words themselves name.
    """

    roles: Roles
    weakest: float
    joined: int
    named: int


class Casting:
    """Casts the events of one article."""

    def __init__(self, row: Words, reader: Reader, roles: Sequence[str]) -> None:
        self._row, self._reader, self._order = row, reader, roles
        places = (row.token(at) for at in range(len(row.texts)))
        named = (reader.cast.name_at(text, token) for text, token in places)
        # A place that stands for nobody, unlike a capital, takes no part in anything.
        self._names: list[Name | None] = [
            name if name and reader.kind(name.actor) is not EntityKind.PLACE else None for name in named
        ]

    def fill(self, event: Event, fact_type: FactType, place: int | None) -> Filled:
        """Actors by role; ``place`` is the event's. Where the sure ones are too few for the type, the likeliest others of the
        sentence join; before unlikely ones, the country that receives a visitor.
        """
        found: dict[str, dict[int, None]] = {}
        weakest = 1.0
        acting = fact_type.acting
        for span in event.roles:
            meant = self._meant(event, span) if span.role not in {PLACE, DATE} else []
            if meant:
                found.setdefault(span.role, {}).update(dict.fromkeys(meant))
                weakest = min(weakest, span.p) if span.role in acting else weakest
        found = self._without_descriptions(event, found)
        taken = {actor for role in acting for actor in found.get(role, ())}
        joined = 0
        lacking = len(taken) < fact_type.least_actors
        for role, actor, p in self._others(event, fact_type, place, len(taken)) if lacking else ():
            if actor not in taken and len(taken) < fact_type.least_actors:
                found.setdefault(role, {})[actor] = None
                taken.add(actor)
                joined, weakest = joined + (p < 1), min(weakest, p)
        roles = self._directed(_apart(found, acting), event, fact_type)
        return Filled({role: who for role, who in roles.items() if who}, weakest, joined, self._named(event, taken))

    def _named(self, event: Event, actors: set[int]) -> int:
        """How many of these actors an event's role words name."""
        words = (at for span in event.roles for at in range(span.start, span.end))
        return len(actors & {name.actor for at in words if (name := self._names[at])})

    def _others(
        self, event: Event, fact_type: FactType, place: int | None, sure: int
    ) -> Iterator[tuple[str, int, float]]:
        """(role, actor, p) of who may join, the best first; p is 1 for the host of the only visitor."""
        likeliest = list(self._likeliest(event, fact_type.acting))
        yield from (one for one in likeliest if one[2] >= LIKELY)
        if fact_type.placed and sure == 1 and place is not None:
            host = self._reader.cast.host(place)
            if host is not None:
                yield fact_type.acting[0], host, 1.0
        yield from likeliest

    def _without_descriptions(self, event: Event, found: dict[str, dict[int, None]]) -> dict[str, dict[int, None]]:
        """The same actors without the countries and bodies that only say who one of them is."""
        everyone = {actor for actors in found.values() for actor in actors}
        itself: set[int] = set()
        described: set[int] = set()
        for span in event.roles:
            for at in range(span.start, span.end):
                name = self._names[at]
                if name and span.role not in {PLACE, DATE}:
                    (described if self._describes(at) in everyone else itself).add(name.actor)
        described -= itself
        return {role: {actor: None for actor in actors if actor not in described} for role, actors in found.items()}

    def _describes(self, at: int) -> int | None:
        """The person that a word describes."""
        text, token = self._row.token(at)
        return self._reader.cast.describes.get((text, token.i))

    def _directed(self, roles: Roles, event: Event, fact_type: FactType) -> Roles:
        """The same actors in the roles that the event's kind has: two that face each other ("support"), or the first one."""
        ends = {(edge.start, edge.end) for edge in fact_type.edges if edge.directed and event.kind in edge.kinds}
        acting = fact_type.acting
        who = [actor for role in acting for actor in roles.get(role, ())]
        if not fact_type.kinds or len(who) < 2:
            return roles
        rest = {role: actors for role, actors in roles.items() if role not in acting}
        if not ends:
            return {acting[0]: tuple(who), **rest}
        ((giver, taker),) = ends
        takers = roles.get(taker, ())
        if not takers or len(takers) == len(who):
            takers = (self._last_named(event, who),)
        return {giver: tuple(actor for actor in who if actor not in takers), taker: takers, **rest}

    def _last_named(self, event: Event, who: Sequence[int]) -> int:
        """Of these actors the one whose name comes last in the trigger's sentence, else in the window."""
        _, trigger = self._row.token(event.start)
        window = range(event.first, event.first + len(event.fills))
        last = {name.actor: at for at in window if (name := self._names[at]) and name.actor in who}
        inside = {actor: at for actor, at in last.items() if self._row.token(at)[1].sent == trigger.sent}
        where = inside or last
        return max(where, key=lambda actor: where[actor]) if where else who[0]

    def _meant(self, event: Event, span: RoleSpan) -> list[int]:
        """Whom role words mean: the names in them, else whom grammar says, else whom their last word refers to."""
        names = {name: None for at in range(span.start, span.end) if (name := self._names[at])}
        full = [name for name in names if not name.adjective]
        if names:
            return list(dict.fromkeys(name.actor for name in full or names))
        text, tokens = self._row.tokens(span.start, span.end)
        head = Span(tokens[0].doc, tokens[0].i, tokens[-1].i + 1).root
        ruled = self._reader.meant(text, head) or self._reader.all_meant(text, tokens)
        return ruled or self._referred(event, span.end - 1)

    def _referred(self, event: Event, at: int) -> list[int]:
        """Actors named in the event's window whom a word surely stands for, else the likeliest one.

        Only pronouns and definite phrases stand for a name: "officials promised" means nobody.
        """
        token = self._row.token(at)[1]
        if not _DEFINITE & {token.lower_, *(left.lower_ for left in token.lefts)}:
            return []
        found: dict[int, float] = {}
        for column, p in enumerate(event.refers[at - event.first]):
            name = self._names[event.first + column]
            if name and p >= FAINT:
                found[name.actor] = max(found.get(name.actor, 0.0), float(p))
        return [actor for actor, p in found.items() if p >= SURE] or sorted(found, key=lambda actor: -found[actor])[:1]

    def _likeliest(self, event: Event, acting: Sequence[str]) -> Iterator[tuple[str, int, float]]:
        """(role, actor, p) of the sentence's words that may fill a role although something else is likelier; the best first."""
        columns = [self._order.index(role) for role in acting]
        p = event.fills[:, columns]
        inside = self._row.token(event.start)[1].sent
        rows = [at for at in p.max(-1).argsort()[::-1] if p[at].max() >= FAINT]
        rows = [at for at in rows if self._row.token(event.first + at)[1].sent == inside]
        for at in rows:
            role = acting[int(p[at].argmax())]
            name = self._names[event.first + at]
            if name and self._describes(event.first + at) is None:
                yield role, name.actor, float(p[at].max())
            elif name is None:
                word = RoleSpan(event.first + at, event.first + at + 1, role, float(p[at].max()))
                yield from ((role, actor, word.p) for actor in self._meant(event, word))


def _apart(found: Mapping[str, Mapping[int, None]], acting: Sequence[str]) -> Roles:
    """Each actor in one role: in the first of the acting ones, and in a circumstance only if in none of these."""
    taken: set[int] = set()
    roles: Roles = {}
    for role in (*acting, *(role for role in found if role not in acting)):
        roles[role] = tuple(actor for actor in found.get(role, ()) if actor not in taken)
        taken.update(roles[role])
    return roles
