"""A fact as one English sentence, from the phrases of its type's catalogue file."""

from collections.abc import Mapping, Sequence

from kb.knowledge import Entity, Fact
from kb.ontology import FactType


def summarise(fact_type: FactType, fact: Fact, entities: Mapping[str, Entity]) -> str:
    """The phrase for "kind/status", else for "*/status", with the names of the participants by role filled in.

    Placeholders are the roles' names, ``{actors}`` for all participants, ``{kind}``, ``{content}`` and ``{place}``.
    """

    def names(*roles: str) -> str:
        found = dict.fromkeys(p.entity_id for p in fact.participants if not roles or p.role in roles)
        return listed([entities[key].name if key in entities else key for key in found])

    phrases = fact_type.phrases
    phrase = phrases.get(f"{fact.kind}/{fact.status}") or phrases.get(f"*/{fact.status}") or "{actors}: {kind} {status}"
    recipient = names("recipient")
    place = entities[fact.place].name if fact.place and fact.place in entities else fact.place
    filled = phrase.format(
        **{role.name: names(role.name) or "somebody" for role in fact_type.roles},
        actors=names(*fact_type.acting),
        kind=fact.kind or fact_type.name,
        status=fact.status,
        content=fact.content or "something",
        to=f" to {recipient}" if recipient else "",
        place=f" in {place}" if place else "",
    )
    return filled[:1].upper() + filled[1:]


def listed(names: Sequence[str]) -> str:
    """Names as prose: "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
