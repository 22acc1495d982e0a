"""The ledger: the state of each delivery and article, its leases and what is due. Time is the database's clock.

Whatever is not final has ``due_at`` (milliseconds since 1970): the moment from which it must be put on the queue
again. A lease is ``token`` and ``lease_until``; while one is held, ``due_at`` is its end. So a lost message, a lost
worker and a lost queue all end the same way: the work falls due again.
"""

import json
import secrets
import traceback
from collections.abc import Mapping, Sequence

from kb.errors import LeaseLost
from kb.graph.outcomes import outcome_of, refusals
from kb.graph.session import Graph, Row, Transaction, pages
from kb.graph.work import Arrival, Due, Kind, Lease, Outcome
from kb.records import ArticleSlice, MediaType, Metadata, RecordFault

_LABEL: Mapping[Kind, str] = {"delivery": "Delivery", "article": "Article"}
_RUNNING: Mapping[Kind, str] = {"delivery": "expanding", "article": "processing"}
_KINDS: tuple[Kind, ...] = ("delivery", "article")


def dump_metadata(metadata: Metadata) -> str:
    """What is said, as JSON: nothing that is unsaid, keys sorted, so that equal metadata are equal strings."""
    return json.dumps(metadata.model_dump(exclude_none=True), sort_keys=True, ensure_ascii=False)


def hold(transaction: Transaction, lease: Lease) -> None:
    """Lock what the lease is for and demand its token. Raises LeaseLost when somebody else holds it by now."""
    rows = transaction.run(
        f"""MATCH (x:{_LABEL[lease.kind]} {{id: $id}}) SET x.lock = coalesce(x.lock, 0) + 1
        WITH x WHERE x.token = $token RETURN x.id AS id""",
        id=lease.id,
        token=lease.token,
    )
    if not rows:
        raise LeaseLost(f"{lease.kind} {lease.id[:12]} was taken over by another worker; this result is dropped")


class Ledger:
    """Deliveries and articles on their way. Every method is one transaction, unless it says otherwise."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Enter arrivals, due at once. What is there already stays as it is. One transaction a page."""
        rows = [
            {**arrival.model_dump(exclude={"metadata"}), "metadata": dump_metadata(arrival.metadata)}
            for arrival in sorted(arrivals, key=lambda arrival: arrival.id)
        ]
        for page in pages(rows):
            self._graph.run(
                """UNWIND $rows AS r OPTIONAL MATCH (x:Delivery {id: r.id}) WITH r, x WHERE x IS NULL
                CREATE (:Delivery {id: r.id, path: r.path, blob: r.blob, size: r.size, lane: r.lane, attempts: 0,
                metadata: r.metadata, reason: r.refused, received: datetime(),
                state: CASE WHEN r.refused IS NULL THEN 'received' ELSE 'rejected' END,
                due_at: CASE WHEN r.refused IS NULL THEN timestamp() ELSE null END})""",
                rows=list(page),
            )

    def due(self, limit: int) -> tuple[Due, ...]:
        """At most ``limit`` things that wait for a worker now: live before bulk, deliveries before articles, oldest first."""
        found: list[Due] = []
        for lane in ("live", "bulk"):
            for kind in _KINDS:
                if len(found) < limit:
                    rows = self._graph.read(
                        f"MATCH (x:{_LABEL[kind]}) WHERE x.lane = $lane AND x.due_at <= timestamp() "
                        "RETURN x.id AS id ORDER BY x.due_at, x.id LIMIT $limit",
                        lane=lane,
                        limit=limit - len(found),
                    )
                    found += [Due(kind=kind, id=row["id"], lane=lane) for row in rows]
        return tuple(found)

    def queued(self, items: Sequence[Due], patience: float) -> None:
        """Note that messages for these are on the queue: not due again for ``patience`` seconds.

        What a worker has started meanwhile is left alone. One transaction for each kind.
        """
        for kind in _KINDS:
            ids = sorted(item.id for item in items if item.kind == kind)
            for page in pages(ids):
                self._graph.run(
                    f"""UNWIND $ids AS id MATCH (x:{_LABEL[kind]} {{id: id}}) SET x.lock = coalesce(x.lock, 0) + 1
                    WITH x WHERE x.due_at <= timestamp() AND x.token IS NULL
                    SET x.due_at = timestamp() + $patience,
                        x.state = CASE x.state WHEN 'received' THEN $state ELSE x.state END""",
                    ids=list(page),
                    patience=int(patience * 1000),
                    state="queued" if kind == "article" else "received",
                )

    def start(self, kind: Kind, item_id: str, seconds: int, holder: str = "") -> Lease | None:
        """A lease of ``seconds``, counted as an attempt; ``None`` if this is final, unknown, or held by another.

        ``holder`` names the process, for ``holders``.
        """
        rows = self._graph.run(
            f"""MATCH (x:{_LABEL[kind]} {{id: $id}}) SET x.lock = coalesce(x.lock, 0) + 1
            WITH x WHERE x.due_at IS NOT NULL AND (x.token IS NULL OR x.lease_until < timestamp())
            SET x.attempts = x.attempts + 1, x.token = $token, x.state = $state, x.holder = $holder,
                x.lease_until = timestamp() + $hold, x.due_at = timestamp() + $hold
            RETURN x.id AS id, x.attempts AS attempts, x.path AS name, x.blob AS blob, x.media_type AS media_type,
                x.metadata AS metadata, x.lane AS lane""",
            id=item_id,
            token=(token := secrets.token_hex(8)),
            state=_RUNNING[kind],
            holder=holder,
            hold=seconds * 1000,
        )
        return _lease(kind, token, rows[0]) if rows else None

    def settle(self, lease: Lease, slices: Sequence[ArticleSlice], faults: Sequence[RecordFault]) -> frozenset[str]:
        """End the expansion of a delivery with the articles that it holds, and the parts that are none.

        Returns the ids of those that were erased and are refused: neither their bytes nor the delivery's may stay.

        An article that the ledger knows already is not entered again; if all are known and the sidecar says nothing
        new of them, the delivery is a duplicate. New metadata make a known article due again. Raises LeaseLost.
        """
        return self._graph.write(lambda transaction: _settle(transaction, lease, slices, faults))

    def reject(self, lease: Lease, reason: str) -> None:
        """End work on an input that we cannot read, with the reason for people. Raises LeaseLost."""
        self._end(lease, {"state": "rejected", "reason": reason})

    def fail(self, lease: Lease, stage: str, error: BaseException) -> None:
        """Set work aside after a permanent error, with all that is needed to decide on a retry. Raises LeaseLost."""
        self._end(
            lease,
            {
                "state": "failed",
                "stage": stage,
                "error_class": type(error).__name__,
                "error": str(error) or type(error).__name__,
                "reason": f"{type(error).__name__} while we tried to {stage}: {error}",
                "traceback": "".join(traceback.format_exception(error))[-20_000:],
            },
        )

    def release(self, lease: Lease, delay: float) -> None:
        """Give work back without a result and without counting the attempt; due again in ``delay`` seconds."""
        self._graph.run(
            f"""MATCH (x:{_LABEL[lease.kind]} {{id: $id}}) SET x.lock = coalesce(x.lock, 0) + 1 WITH x WHERE x.token = $token
            SET x.attempts = x.attempts - 1, x.state = 'received', x.due_at = timestamp() + $delay
            REMOVE x.token, x.lease_until""",
            id=lease.id,
            token=lease.token,
            delay=int(delay * 1000),
        )

    def expire(self, max_attempts: int) -> int:
        """Take back what is held by leases that have run out: due again, or failed at the last attempt. Their number."""
        ended = 0
        for kind in _KINDS:
            ended += len(
                self._graph.run(
                    f"""MATCH (x:{_LABEL[kind]}) WHERE x.lease_until < timestamp() SET x.lock = coalesce(x.lock, 0) + 1
                    WITH x WHERE x.lease_until < timestamp() AND x.attempts < $most
                    SET x.state = 'received', x.due_at = timestamp() REMOVE x.token, x.lease_until RETURN x.id AS id""",
                    most=max_attempts,
                )
            )
            ended += len(
                self._graph.run(
                    f"""MATCH (x:{_LABEL[kind]}) WHERE x.lease_until < timestamp() SET x.lock = coalesce(x.lock, 0) + 1
                    WITH x WHERE x.lease_until < timestamp() AND x.attempts >= $most
                    SET x.state = 'failed', x.stage = 'finish', x.error_class = 'WorkerLost',
                        x.error = 'its worker was lost ' + toString(x.attempts) + ' times while it was read',
                        x.reason = 'its worker was lost ' + toString(x.attempts) + ' times while it was read',
                        x.ended = datetime()
                    REMOVE x.token, x.lease_until, x.due_at RETURN x.id AS id""",
                    most=max_attempts,
                )
            )
        return ended

    def holders(self) -> dict[str, str]:
        """Who holds leases now, by the lease's token."""
        return {
            row["token"]: row["holder"]
            for kind in _KINDS
            for row in self._graph.read(
                f"MATCH (x:{_LABEL[kind]}) WHERE x.lease_until > 0 RETURN x.token AS token, x.holder AS holder"
            )
            if row["token"]
        }

    def break_leases(self, tokens: Sequence[str]) -> None:
        """End leases whose holders are gone, before their time; ``expire`` then takes the work back."""
        for kind in _KINDS:
            self._graph.run(
                f"MATCH (x:{_LABEL[kind]}) WHERE x.lease_until > 0 AND x.token IN $tokens SET x.lease_until = 0",
                tokens=list(tokens),
            )

    def forget_queue(self) -> int:
        """After the queue has lost all its messages: what was on it is due now. The number of these."""
        return sum(
            len(
                self._graph.run(
                    f"""MATCH (x:{_LABEL[kind]}) WHERE x.lane IN ['live', 'bulk'] AND x.due_at > timestamp()
                    SET x.lock = coalesce(x.lock, 0) + 1 WITH x WHERE x.due_at > timestamp() AND x.token IS NULL
                    SET x.due_at = timestamp() RETURN x.id AS id"""
                )
            )
            for kind in _KINDS
        )

    def outcomes(self, delivery_ids: Sequence[str]) -> dict[str, Outcome]:
        """How far these deliveries are; one that the ledger does not know is missing from the answer."""
        found: dict[str, Outcome] = {}
        for page in pages(sorted(set(delivery_ids))):
            rows = self._graph.read(
                """UNWIND $ids AS id MATCH (d:Delivery {id: id}) OPTIONAL MATCH (d)<-[:CAME_IN]-(a:Article)
                RETURN d.id AS id, d.state AS state, d.reason AS reason, d.faults AS faults, d.blob AS blob,
                    coalesce(d.erased, false) AS erased,
                    collect(a.state) AS articles, collect(a.reason) AS reasons""",
                ids=list(page),
            )
            found.update({row["id"]: outcome_of(row) for row in rows})
        return found

    def unfinished(self) -> int:
        """How many deliveries and articles are not final."""
        return sum(
            self._graph.read(
                f"MATCH (x:{_LABEL[kind]}) WHERE x.lane IN ['live', 'bulk'] AND x.due_at > 0 RETURN count(x) AS n"
            )[0]["n"]
            for kind in _KINDS
        )

    def retry(self, ids: Sequence[str] | None = None, error_class: str | None = None) -> int:
        """Make failed work due again: that with these ids, of this error class, or all. The number of these."""
        return sum(
            len(
                self._graph.run(
                    f"""MATCH (x:{_LABEL[kind]}) WHERE x.state = 'failed'
                    AND ($ids IS NULL OR x.id IN $ids) AND ($error_class IS NULL OR x.error_class = $error_class)
                    SET x.state = 'received', x.attempts = 0, x.due_at = timestamp()
                    REMOVE x.stage, x.error_class, x.error, x.traceback, x.reason, x.ended RETURN x.id AS id""",
                    ids=list(ids) if ids is not None else None,
                    error_class=error_class,
                )
            )
            for kind in _KINDS
        )

    def _end(self, lease: Lease, values: Row) -> None:
        def work(transaction: Transaction) -> None:
            hold(transaction, lease)
            transaction.run(
                f"""MATCH (x:{_LABEL[lease.kind]} {{id: $id}}) SET x += $values, x.ended = datetime()
                REMOVE x.token, x.lease_until, x.due_at""",
                id=lease.id,
                values=values,
            )

        self._graph.write(work)


def _lease(kind: Kind, token: str, row: Row) -> Lease:
    return Lease(
        kind=kind,
        id=row["id"],
        token=token,
        attempts=row["attempts"],
        name=row["name"],
        blob=row["blob"],
        media_type=MediaType(row["media_type"]) if row["media_type"] else None,
        metadata=Metadata.model_validate_json(row["metadata"]),
        lane=row["lane"],
    )


def _settle(
    transaction: Transaction, lease: Lease, slices: Sequence[ArticleSlice], faults: Sequence[RecordFault]
) -> frozenset[str]:
    hold(transaction, lease)
    unique = {item.id: item for item in sorted(slices, key=lambda item: (item.id, item.locator), reverse=True)}
    ids = sorted(unique)
    known = {
        row["id"]: row
        for page in pages(ids)
        for row in transaction.run(
            "UNWIND $ids AS id MATCH (a:Article {id: id}) SET a.lock = coalesce(a.lock, 0) + 1 "
            "RETURN a.id AS id, a.metadata AS metadata, a.state AS state, a.erased AS erased, a.reason AS reason",
            ids=list(page),
        )
    }
    refused, erased = refusals(known, slices), frozenset(key for key, row in known.items() if row["erased"])
    new = [
        {"id": key, "media_type": unique[key].media_type.value, "path": lease.name, "lane": lease.lane}
        for key in ids
        if key not in known
    ]
    changed = [row for key in sorted(known) if (row := _restated(known[key], lease.metadata))]
    for page in pages(new):
        transaction.run(_NEW_ARTICLES, rows=list(page), metadata=dump_metadata(lease.metadata))
    for page in pages(changed):
        transaction.run(_RESTATED_ARTICLES, rows=list(page))
    kept = [item for item in slices if item.id not in erased]
    _enter_origins(transaction, lease, kept)
    duplicate = not new and not changed and not faults and not refused
    gone = bool(refused) and not kept and not faults
    transaction.run(
        """MATCH (d:Delivery {id: $id}) SET d.state = $state, d.reason = $reason, d.faults = $faults, d.erased = $erased,
        d.path = CASE WHEN $gone THEN 'erased' ELSE d.path END,
        d.metadata = CASE WHEN $gone THEN '{}' ELSE d.metadata END REMOVE d.token, d.lease_until, d.due_at""",
        id=lease.id,
        state="rejected" if gone else "duplicate" if duplicate else "settled",
        reason=refused[0].reason if gone else _same_as(known) if duplicate else None,
        faults=[f"{fault.locator}\t{fault.reason}" for fault in (*faults, *refused)] if not gone else [],
        erased=True if refused else None,
        gone=gone,
    )
    return erased


def _enter_origins(transaction: Transaction, lease: Lease, slices: Sequence[ArticleSlice]) -> None:
    edges = [
        {"article": item.id, "locator": item.locator, "key": f"{item.id}>{lease.id}>{item.locator}"} for item in slices
    ]
    for page in pages(sorted(edges, key=lambda edge: edge["key"])):
        transaction.run(_CAME_IN, rows=list(page), delivery=lease.id)


_NEW_ARTICLES = """UNWIND $rows AS r
CREATE (:Article {id: r.id, blob: r.id, media_type: r.media_type, path: r.path, lane: r.lane, metadata: $metadata,
    attempts: 0, state: 'received', received: datetime(), due_at: timestamp()})"""
_RESTATED_ARTICLES = """UNWIND $rows AS r MATCH (a:Article {id: r.id})
SET a.metadata = r.metadata, a.state = 'received', a.attempts = 0, a.due_at = timestamp() REMOVE a.token, a.lease_until"""
_CAME_IN = """UNWIND $rows AS r MATCH (a:Article {id: r.article}) MATCH (d:Delivery {id: $delivery})
MERGE (a)-[c:CAME_IN {key: r.key}]->(d) SET c.locator = r.locator"""


def _restated(row: Row, stated: Metadata) -> Row | None:
    """The row with which to update a known article, if its metadata change; a withdrawn one stays withdrawn."""
    merged = dump_metadata(stated.over(Metadata.model_validate_json(row["metadata"])))
    if merged == row["metadata"] or row["state"] in ("withdrawn", "superseded"):
        return None
    return {"id": row["id"], "metadata": merged}


def _same_as(known: Mapping[str, Row]) -> str:
    states = sorted({row["state"] for row in known.values()})
    return f"the same bytes came before; the article is {', '.join(states)} (`kb show {sorted(known)[0][:12]}`)"
