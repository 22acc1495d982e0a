"""Who an article's actors are: the catalogue's actor where it is one, else what the fullest name says."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from kb.knowledge import Entity, Tenure
from kb.ontology import KnownActor, actors, fold
from kb.records import Actor, EntityKind


def entity_id(actor: Actor) -> str:
    """The catalogue's id, else "kind:the-folded-name" of the fullest name.

    A name without a Latin letter or digit folds to nothing and is hashed instead.
    """
    if actor.known_as is not None:
        return actor.known_as
    word = fold(actor.name).replace(" ", "-")
    if not word.isascii() or not word:
        word = hashlib.sha256(actor.name.encode()).hexdigest()[:16]
    return f"{actor.kind.value}:{word}"


def entities_of(
    found: Iterable[Actor], places: frozenset[str], tenures: Mapping[str, tuple[Tenure, ...]]
) -> Mapping[str, Entity]:
    """Entities by id, with what they are part of and whose offices they hold by the catalogue.

    ``places`` holds the ids of those used as a place, ``tenures`` the offices that are told of people, by id.
    """
    named: dict[str, set[str]] = {}
    first: dict[str, Actor] = {}
    for actor in found:
        key = entity_id(actor)
        named.setdefault(key, set()).update(actor.names, (actor.name,))
        first.setdefault(key, actor)
    entities = {key: _entity(key, first[key], named[key], key in places) for key in sorted(named)}
    for key, told in tenures.items():
        entities[key] = entities[key].model_copy(update={"tenures": told})
    for entity in list(entities.values()):
        for other in _belonging(entity):
            if other not in entities:
                known = actors().get(other)
                entities[other] = known_entity(known, is_place=known.kind is EntityKind.PLACE)
    return {key: entities[key] for key in sorted(entities)}


def _belonging(entity: Entity) -> Iterator[str]:
    """Ids of what an entity is part of, and of those whose offices it holds with what these are part of."""
    yield from path(entity)[1:]
    for term in actors().get(entity.id).terms if actors().has(entity.id) else ():
        yield from path(known_entity(actors().get(term.of), is_place=False))


def path(entity: Entity) -> tuple[str, ...]:
    """The entity's id and those of all it is part of, the narrowest first."""
    found = [entity.id]
    parent = entity.parent
    while parent is not None and parent not in found:
        found.append(parent)
        parent = actors().get(parent).parent
    return tuple(found)


def known_entity(known: KnownActor, names: Iterable[str] = (), *, is_place: bool) -> Entity:
    """The entity of a catalogue actor, with further names that articles use for it."""
    every = sorted({*known.names, *names})
    return Entity(
        id=known.id,
        kind=known.kind,
        name=known.name,
        names=tuple(every),
        search=search_text(every),
        wikidata=known.wikidata,
        iso3=known.iso3,
        country=known.country or known.iso3,
        sector=known.sector,
        parent=known.parent,
        # A country can be a place at any time; labels cannot be added in the transaction that makes a node.
        is_place=is_place or known.kind in (EntityKind.COUNTRY, EntityKind.PLACE),
    )


def best_name(name: str, names: Iterable[str]) -> str:
    """Of all spellings that fold as ``name`` does the greatest: letters with accents sort after those without.

    So a name does not depend on which article or which actor came first.
    """
    folded = fold(name)
    return max((other for other in names if fold(other) == folded), default=name)


def search_text(names: Iterable[str]) -> str:
    """What the full-text index holds: all names folded, each once, sorted."""
    return " | ".join(sorted({folded for name in names if (folded := fold(name))}))


def _entity(key: str, actor: Actor, names: set[str], is_place: bool) -> Entity:
    if actor.known_as is not None:
        return known_entity(actors().get(key), names, is_place=is_place)
    every = sorted(names)
    return Entity(
        id=key,
        kind=actor.kind,
        name=best_name(actor.name, every),
        names=tuple(every),
        search=search_text(every),
        is_place=is_place or actor.kind is EntityKind.PLACE,
    )
