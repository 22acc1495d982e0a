"""For whom the actors of the catalogue act, as of a day."""

from kb.dates import PartialDate, interval
from kb.ontology.actors import KnownActor, actors
from kb.ontology.offices import offices
from kb.records import EntityKind, Standing


def standing(actor_id: str, day: PartialDate | None) -> Standing:
    """Country and sector of an actor on a day, empty for one that the catalogue does not know.

    A person acts for the state or body whose office it holds, the one begun last if it holds several. Out of office,
    or on an unknown day, it has no sector, and a country only if all its offices were of that one.
    """
    if not actors().has(actor_id):
        return Standing()
    actor = actors().get(actor_id)
    if actor.kind is not EntityKind.PERSON:
        return _of_body(actor, day)
    held = [term for term in actor.terms if day and term.covers(day)]
    if held:
        return standing_in(held[-1].office, held[-1].of, day)
    countries = {standing_in(term.office, term.of, term.since).country for term in actor.terms} - {None}
    return Standing(country=countries.pop() if len(countries) == 1 else None)


def standing_in(office: str, of: str, day: PartialDate | None) -> Standing:
    """Country and sector of whoever holds an office of a state or body on a day."""
    body = standing(of, day)
    return Standing(country=body.country, sector=offices()[office].sector or body.sector)


def _of_body(actor: KnownActor, day: PartialDate | None) -> Standing:
    days = interval(day)
    for before in actor.was:
        until = interval(before.until)
        if days and until and days[1] <= until[1]:
            return Standing(country=before.country or actor.country, sector=before.sector or actor.sector)
    return Standing(country=actor.country, sector=actor.sector)
