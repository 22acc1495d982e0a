"""The offices that articles give to people: told by one, gathered over many, and for whom they make a person act."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kb.dates import PartialDate, interval
from kb.knowledge import Entity, Tenure
from kb.ontology import actors, standing, standing_in
from kb.records import Document, Extraction, Standing

# An office outlasts the article that names it: years on either side in which it still tells for whom somebody acts.
_YEARS = 1


def tenures_in(document: Document, extraction: Extraction, ids: Sequence[str]) -> Mapping[str, tuple[Tenure, ...]]:
    """What an article tells of offices, by the person's id, without what the catalogue knows already."""
    told: dict[str, list[Tenure]] = defaultdict(list)
    for given in sorted(extraction.offices, key=lambda given: given.start):
        person, of = ids[given.actor], ids[given.of]
        if person != of and not _in_catalogue(person, of, document.published):
            told[person].append(
                Tenure(
                    office=given.office,
                    of=of,
                    first_reported=document.published,
                    last_reported=document.published,
                    articles=1,
                    article=document.article_id,
                    quote=given.quote,
                )
            )
    return {person: gathered(_once(tenures)) for person, tenures in told.items()}


def gathered(told: Iterable[Tenure]) -> tuple[Tenure, ...]:
    """One tenure for each office and body out of those that single articles told, sorted by these."""
    groups: dict[tuple[str, str], list[Tenure]] = defaultdict(list)
    for tenure in told:
        groups[tenure.office, tenure.of].append(tenure)
    return tuple(_joined(groups[key]) for key in sorted(groups))


def acting_for(entity_id: str, entity: Entity | None, day: PartialDate | None) -> Standing:
    """For whom an entity acts on a day: by the catalogue, else as far as offices told near that day agree."""
    known = standing(entity_id, day)
    if known.sector or entity is None:
        return known
    told = [standing_in(tenure.office, tenure.of, day) for tenure in entity.tenures if _near(tenure, day)]
    countries = {found.country for found in told if found.country}
    sectors = {found.sector for found in told if found.sector}
    return Standing(
        country=known.country or (countries.pop() if len(countries) == 1 else None),
        sector=sectors.pop() if len(sectors) == 1 else None,
    )


def _in_catalogue(person: str, of: str, published: PartialDate | None) -> bool:
    terms = actors().get(person).terms if actors().has(person) else ()
    return any(term.of == of and (published is None or term.covers(published)) for term in terms)


def _once(tenures: Iterable[Tenure]) -> Iterable[Tenure]:
    """The first telling of each office by one article."""
    first: dict[tuple[str, str], Tenure] = {}
    for tenure in tenures:
        first.setdefault((tenure.office, tenure.of), tenure)
    return first.values()


def _joined(told: Sequence[Tenure]) -> Tenure:
    earliest = min(told, key=lambda tenure: (tenure.first_reported or "9", tenure.article))
    days = sorted(tenure.first_reported for tenure in told if tenure.first_reported)
    return earliest.model_copy(
        update={
            "first_reported": days[0] if days else None,
            "last_reported": days[-1] if days else None,
            "articles": sum(tenure.articles for tenure in told),
        }
    )


def _near(tenure: Tenure, day: PartialDate | None) -> bool:
    first, last, days = interval(tenure.first_reported), interval(tenure.last_reported), interval(day)
    if not (first and last and days):
        return False
    return first[0].year - _YEARS <= days[1].year and days[0].year <= last[1].year + _YEARS
