"""Records as the flat rows that both graphs can store, and back."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence

from pydantic import TypeAdapter

from kb.dates import interval, precision
from kb.graph.session import Row
from kb.knowledge import Claim, ClaimState, Entity, Fact, Participant, Statement, StatusChange, Tally
from kb.records import EntityKind
from kb.resolve.blocks import pair_of
from kb.resolve.ids import digest

_TALLIES = TypeAdapter(tuple[Tally, ...])
SCHEMA = 1
"""Version of the shape of a fact's node, kept on it as ``schema``."""


def statement_row(statement: Statement) -> Row:
    """Properties of an Evidence node."""
    row = statement.model_dump(exclude={"participants", "place_path", "about"})
    return {
        **row,
        "participants": [_participant(participant) for participant in statement.participants],
        "place_path": list(statement.place_path),
        "about": list(statement.about),
    }


def row_statement(row: Row) -> Statement:
    """The statement of an Evidence node's properties; what else stands there is left out."""
    known = {key: row.get(key) for key in Statement.model_fields}
    known["participants"] = tuple(_as_participant(text) for text in row["participants"])
    known["place_path"], known["about"] = tuple(row["place_path"] or ()), tuple(row["about"] or ())
    return Statement.model_validate(known)


def claim_row(claim: Claim) -> Row:
    """Properties of a Claim node, and ``blocks`` as rows of their own."""
    row = claim.model_dump(exclude={"participants", "blocks"})
    row["participants"] = [_participant(participant) for participant in claim.participants]
    return row


def block_rows(claim: Claim) -> list[Row]:
    """The blocks of a claim, each with its pair and the key of the claim's edge to it."""
    return [
        {"id": block, "pair": pair_of(block), "key": f"{claim.id}>{block}", "claim": claim.id} for block in claim.blocks
    ]


def tally_row(claim: str, source: str, tallies: list[Tally]) -> Row:
    """Properties of the Tally node of one claim and source."""
    rows = [tally.model_dump(mode="json") for tally in tallies]
    return {"id": f"{claim}>{source}", "claim": claim, "source": source, "rows": json.dumps(rows, ensure_ascii=False)}


def row_state(row: Row) -> ClaimState:
    """A claim with its tallies from {claim: properties, blocks: [id], tallies: [JSON]}."""
    node = row["claim"]
    claim = Claim(
        id=node["id"],
        type=node["type"],
        kind=node.get("kind"),
        participants=tuple(_as_participant(text) for text in node["participants"]),
        date=node.get("date"),
        month=node.get("month"),
        content_key=node.get("content_key"),
        blocks=tuple(sorted(set(row["blocks"]))),
    )
    tallies = (item for text in sorted(row["tallies"]) for item in _TALLIES.validate_json(text))
    return ClaimState(claim=claim, tallies=tuple(tallies))


def entity_row(entity: Entity) -> Row:
    """Properties of an Entity node."""
    return entity.model_dump(mode="json", exclude={"names", "parent", "is_place", "kind", "tenures"})


def kind_label(kind: EntityKind) -> str:
    """The label of an entity's kind: "Country"."""
    return kind.value.title()


def kind_of(labels: Sequence[str]) -> EntityKind:
    """The kind that an Entity node's labels tell. Place is a second label for whatever is used as one."""
    others = (kind for kind in EntityKind if kind is not EntityKind.PLACE and kind_label(kind) in labels)
    return next(others, EntityKind.PLACE)


def row_entity(row: Row, names: Iterable[str] = ()) -> Entity:
    """The entity of {e: properties, labels: [label]}, with names from elsewhere; what it is part of is left out."""
    own = {key: row["e"].get(key) for key in ("id", "name", "search", "wikidata", "iso3", "country", "sector")}
    return Entity(**own, kind=kind_of(row["labels"]), names=tuple(sorted(names)))


def fact_row(fact: Fact) -> Row:
    """Properties of a Fact node; ``digest`` tells whether anything of the fact or of its edges has changed."""
    date_from, date_to = _days(fact.date)
    due_from, due_to = _days(fact.due)
    kept = {"id", "kind", "status", "summary", "content", "date_text", "due_text", "evidence", "articles", "sources"}
    kept |= {"independent_sources", "p_stated", "firm", "self_reported", "disputed", "plover", "plover_mode"}
    return {
        **fact.model_dump(include=kept),
        "type": fact.type,
        "date": fact.date,
        "date_from": date_from,
        "date_to": date_to,
        "precision": precision(fact.date),
        "due": fact.due,
        "due_from": due_from,
        "due_to": due_to,
        "first_reported": fact.first_reported,
        "last_reported": fact.last_reported,
        "history": [f"{change.published or ''}\t{change.status}" for change in fact.history],
        "shortcuts": [f"{s.edge}\t{s.start}\t{s.end}" for s in fact.shortcuts],
        "schema": SCHEMA,
        "digest": digest(fact.model_dump_json()),
    }


def row_history(history: list[str] | None) -> tuple[StatusChange, ...]:
    """The history of a Fact node."""
    parts = (text.partition("\t") for text in history or [])
    return tuple(StatusChange(published=day or None, status=status) for day, _, status in parts)


def _days(date: str | None) -> tuple[dt.date | None, dt.date | None]:
    return interval(date) or (None, None)


def _participant(participant: Participant) -> str:
    return f"{participant.role}|{participant.entity_id}"


def _as_participant(text: str) -> Participant:
    role, _, entity_id = text.partition("|")
    return Participant(role=role, entity_id=entity_id)
