"""Blocks: the small sets of claims within which facts are made, so that an article touches only what it speaks of.

    meeting|A|B|2020-01      each pair of participants, in the month of the date (near a month's edge, in both months)
    meeting|A|@place|2020-01 one participant only
    meeting|A|B|2020         the date is known to the year
    meeting|A|B|undated      neither date nor publication is known; see ``whole_pair``
    alliance|support|hash    standing: the same kind and roles, whenever it was said
    pledge|hash              commitment: the same pledgers and content

A claim with a day (or a range of days) lies in the blocks of all its pairs; a coarser or undated claim lies in one
block only, that of its first pair, and so never ties two blocks together.
"""

import datetime as dt
from itertools import combinations

from kb.dates import interval, precision
from kb.knowledge import Claim, Participant
from kb.ontology import FactType, Identity
from kb.resolve.ids import digest

UNDATED = "undated"
# A conference of thirty has 435 pairs; those of its six best known participants are enough to find it again.
_PAIRED = 6


def is_dated(date: str | None) -> bool:
    """True if a date says the day, or a range of days: only such claims start clusters."""
    return precision(date) in ("day", "range")


def pairs(fact_type: FactType, participants: tuple[Participant, ...], place: str | None) -> tuple[str, ...]:
    """Keys "type|a|b" of each unordered pair of actors, sorted; "type|a|@place" for a single actor."""
    actors = set(fact_type.acting)
    ids = sorted({p.entity_id for p in participants if p.role in actors}, key=_best_known)[:_PAIRED]
    if len(ids) < 2:
        return (f"{fact_type.name}|{'|'.join(ids)}|@{place or ''}",)
    return tuple(sorted(f"{fact_type.name}|{a}|{b}" for a, b in combinations(sorted(ids), 2)))


def blocks_of(claim: Claim, fact_type: FactType, place: str | None) -> tuple[str, ...]:
    """Ids of the blocks that a claim lies in, sorted. ``place`` matters for a single participant only."""
    if fact_type.identity is Identity.STANDING:
        roles = [f"{p.role}|{p.entity_id}" for p in claim.participants]
        return (f"{claim.type}|{claim.kind or ''}|{digest(roles)}",)
    if fact_type.identity is Identity.COMMITMENT:
        actors = set(fact_type.acting)
        who = [p.entity_id for p in claim.participants if p.role in actors]
        return (f"{claim.type}|{digest(who, claim.content_key)}",)
    keys = pairs(fact_type, claim.participants, place)
    if is_dated(claim.date):
        months = months_near(claim.date, fact_type.tolerance_days)
        return tuple(sorted(f"{key}|{month}" for key in keys for month in months))
    return (f"{keys[0]}|{_coarse(claim)}",)


def months_near(date: str | None, tolerance_days: int) -> tuple[str, ...]:
    """The months ("2020-01") that a dated claim can share a cluster in, sorted."""
    days = interval(date)
    if days is None:
        return ()
    margin = dt.timedelta(days=tolerance_days)
    first, last = days[0] - margin, days[1] + margin
    count = (last.year - first.year) * 12 + last.month - first.month
    numbers = [first.year * 12 + first.month - 1 + step for step in range(count + 1)]
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers)


def pair_of(block: str) -> str:
    """The pair (or the single actor) of an event's block: the block without its month."""
    return block.rpartition("|")[0]


def whole_pair(block: str) -> str:
    """The pattern for the blocks of all months of the same pair."""
    return f"{pair_of(block)}|*"


def _coarse(claim: Claim) -> str:
    if precision(claim.date) in ("month", "year"):
        return str(claim.date)
    return claim.month or UNDATED


def _best_known(entity_id: str) -> tuple[bool, str]:
    # Catalogue countries have bare ISO3 ids, all other entities "kind:name".
    return (":" in entity_id, entity_id)
