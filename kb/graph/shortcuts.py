"""The direct edges between participants (MET, BACKS …): a fact's own list of them says which are there."""

from collections.abc import Iterable, Sequence

from kb.graph.session import Row, Transaction, pages


def delete_shortcuts(transaction: Transaction, facts: Iterable[Row]) -> None:
    """Delete the shortcuts that these Fact rows list."""
    for name, rows in _by_name(facts).items():
        for page in pages(rows):
            transaction.run(
                f"""UNWIND $rows AS r MATCH (a:Entity {{id: r.start}})-[s:{name}]->(b:Entity {{id: r.end}})
                WHERE s.key = r.key DELETE s""",
                rows=list(page),
            )


def write_shortcuts(transaction: Transaction, facts: Sequence[Row]) -> None:
    """Write the shortcuts that these Fact rows list, each with the fact's id, status, p_stated and dates."""
    for name, rows in _by_name(facts).items():
        for page in pages(rows):
            transaction.run(
                f"""UNWIND $rows AS r MATCH (a:Entity {{id: r.start}}) MATCH (b:Entity {{id: r.end}})
                MERGE (a)-[s:{name} {{key: r.key}}]->(b) SET s.fact = r.fact, s.status = r.status,
                s.p_stated = r.p_stated, s.kind = r.kind, s.date = r.date, s.due = r.due""",
                rows=list(page),
            )


def _by_name(facts: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for fact in facts:
        shown = {key: fact.get(key) for key in ("status", "p_stated", "kind", "date", "due")}
        for text in fact["shortcuts"] or []:
            name, start, end = text.split("\t")
            row = {**shown, "fact": fact["id"], "start": start, "end": end, "key": f"{fact['id']}>{start}>{end}"}
            found.setdefault(name, []).append(row)
    return {name: sorted(found[name], key=lambda row: str(row["key"])) for name in sorted(found)}
