"""What we can know, as data: fact types (``facts/*.toml``), actors (``known/*.toml``), who held which office
(``holders/*.toml``), and PLOVER (``plover.toml``)."""

from kb.ontology.actors import ActorCatalogue, KnownActor, actors
from kb.ontology.catalogue import Edge, FactType, Identity, Role, fact_types
from kb.ontology.folding import fold, without_accents
from kb.ontology.people import People, Person, Term, people
from kb.ontology.plover import Code, EventType, event_types
from kb.ontology.standing import standing, standing_in

__all__ = [
    "ActorCatalogue",
    "Code",
    "Edge",
    "EventType",
    "FactType",
    "Identity",
    "KnownActor",
    "People",
    "Person",
    "Role",
    "Term",
    "actors",
    "event_types",
    "fact_types",
    "fold",
    "people",
    "standing",
    "standing_in",
    "without_accents",
]
