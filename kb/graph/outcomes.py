"""How deliveries end, as the ledger's rows tell it; and what is said of an article that came again after its erasure."""

from collections.abc import Mapping, Sequence

from kb.graph.session import Row
from kb.graph.work import Outcome
from kb.records import ArticleSlice, RecordFault

FINAL_ARTICLE = ("done", "failed", "rejected", "withdrawn", "superseded")
FINAL_DELIVERY = ("settled", "duplicate", "rejected", "failed")


def refusals(known: Mapping[str, Row], slices: Sequence[ArticleSlice]) -> tuple[RecordFault, ...]:
    """Why those of a delivery's articles are refused that were erased; ``known`` are the ledger's rows by id."""
    return tuple(
        RecordFault(locator=item.locator or "the whole file", reason=refusal(known[item.id]))
        for item in slices
        if item.id in known and known[item.id]["erased"]
    )


def refusal(row: Row) -> str:
    """For people, from the row of an erased article."""
    day = str(row["erased"])[:10]
    return f"these bytes were withdrawn and erased on {day}, because: {row['reason']}; they are not kept again"


def outcome_of(row: Row) -> Outcome:
    """The outcome from a row of Ledger.outcomes."""
    states = row["articles"]
    final = row["state"] in FINAL_DELIVERY and all(state in FINAL_ARTICLE for state in states)
    lost = bool(states) and row["state"] == "settled" and all(state in ("failed", "rejected") for state in states)
    faults = [RecordFault(locator=at, reason=why) for at, _, why in (f.partition("\t") for f in row["faults"] or [])]
    return Outcome(
        final=final,
        failed=row["state"] in ("rejected", "failed") or lost,
        blob=row["blob"] or "",
        erased=row["erased"],
        reason=row["reason"] or ("; ".join(sorted(set(row["reasons"]))) or None if lost else None),
        faults=tuple(faults),
    )
