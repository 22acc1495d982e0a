"""What we can know, as data: fact types (``facts/*.toml``) and actors (``known/*.toml``)."""

from kb.ontology.actors import ActorCatalogue, KnownActor, actors
from kb.ontology.catalogue import Edge, FactType, Identity, Role, fact_types
from kb.ontology.folding import fold, without_accents

__all__ = [
    "ActorCatalogue",
    "Edge",
    "FactType",
    "Identity",
    "KnownActor",
    "Role",
    "actors",
    "fact_types",
    "fold",
    "without_accents",
]
