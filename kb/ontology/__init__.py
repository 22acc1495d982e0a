"""What we can know, as data: fact types (``facts/*.toml``) and actors (``actors/*.toml``)."""

from kb.ontology.catalogue import FactType, Identity, Role, fact_types

__all__ = ["FactType", "Identity", "Role", "fact_types"]
