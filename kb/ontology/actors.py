"""The catalogue of actors: countries, bodies, places, groups and people that we know before we read."""

from kb.records import EntityKind, Record


class KnownActor(Record):
    """An actor of the catalogue. ``id`` is the ISO3 code for a country, else a short stable word.

    ``names`` are all forms that name it, its own ``name`` first; ``demonyms`` ("Turkish", "Turks") name it only as
    an adjective or for its state. ``country`` is an ISO3 code; ``parent`` the id of the actor it is part of.
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
