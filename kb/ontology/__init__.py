"""What we can know, as data: fact types (``facts/*.toml``), actors (``known/*.toml``) and PLOVER (``plover.toml``)."""

from kb.ontology.actors import ActorCatalogue, KnownActor, actors
from kb.ontology.catalogue import Edge, FactType, Identity, Role, fact_types
from kb.ontology.folding import fold, without_accents
from kb.ontology.plover import Code, EventType, event_types

__all__ = [
    "ActorCatalogue",
    "Code",
    "Edge",
    "EventType",
    "FactType",
    "Identity",
    "KnownActor",
    "Role",
    "actors",
    "event_types",
    "fact_types",
    "fold",
    "without_accents",
]
