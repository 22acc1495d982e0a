"""The one place that talks to the driver, and the rules under which our Cypher runs alike on both graphs.

Writes run in managed transactions, retried as a whole: by the driver on transient errors, here on a lost race for a
unique constraint (ArcadeDB reports it at commit, Neo4j at the statement) or with a deletion; the driver retries neither.
Ad-hoc queries are never tried again: one that took the server down would do so each time.

A node is locked by counting up its ``lock``. ArcadeDB compares bytes: setting a property to the value that it has is no
change to it, so a constant would let a deletion pass that was decided on before somebody else's commit.
"""

import contextlib
import functools
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, Self, TypeVar

import neo4j
from neo4j import exceptions

from kb.errors import GraphUnavailable, UsageFault
from kb.settings import Settings

T = TypeVar("T")
Row = dict[str, Any]

# More rows in one message than this make a message that the servers answer slowly or not at all.
MAX_ROWS = 2000
_RACES = 10
# Somebody deleted, between two steps of our statement, what it had found: the next try does not find it.
_GONE = "Neo.ClientError.Statement.EntityNotFound"
# Rows that the server sends ahead of our counting: a query that is cut costs little more than what it is cut to.
_ROWS_AHEAD = 100
# Seconds after which our own clock ends a query that the server did not end in its time.
_PATIENCE = 1.0
_AWAY = (exceptions.ServiceUnavailable, exceptions.SessionExpired, exceptions.TransientError, exceptions.AuthError)


class LostRace(Exception):
    """What a transaction relied on was deleted meanwhile: it is tried again as a whole."""


class OverTime(Exception):
    """An ad-hoc query took longer than it may."""


class Transaction(Protocol):
    """What a unit of work may do: run statements with parameters, and get rows as dicts."""

    def run(self, statement: str, /, **parameters: Any) -> list[Row]:
        """Run one statement to its end."""


class _Managed:
    def __init__(self, transaction: neo4j.ManagedTransaction) -> None:
        self._transaction = transaction

    def run(self, statement: str, /, **parameters: Any) -> list[Row]:
        return [record.data() for record in self._transaction.run(statement, parameters)]


def pages(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Rows in runs of at most MAX_ROWS."""
    for start in range(0, len(rows), MAX_ROWS):
        yield rows[start : start + MAX_ROWS]


def connect_all(transaction: Transaction, statement: str, rows: Sequence[Row], **parameters: Any) -> None:
    """Make one edge (or several) for each row, and demand that every row found both its ends.

    ``statement`` begins with ``UNWIND $rows AS r``. Raises LostRace when an end was deleted by somebody else.
    """
    for page in pages(rows):
        found = transaction.run(f"{statement} RETURN count(*) AS n", rows=list(page), **parameters)
        if found[0]["n"] != len(page):
            raise LostRace(f"{len(page) - found[0]['n']} of {len(page)} edges lost an end")


class Graph:
    """A connection pool to the graph. One per process: never shared over a fork. Close it at the end."""

    def __init__(self, driver: neo4j.Driver, reader: Callable[[], neo4j.Driver], database: str) -> None:
        self._driver, self._reader, self.database = driver, reader, database

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """A graph at the address of the settings. Raises GraphUnavailable when there is none, or none answers; UsageFault."""
        if settings.graph_uri is None:
            raise GraphUnavailable(
                f"no graph is running for {settings.folder.root}: start it with `kb up`, or set KB_GRAPH_URI"
            )
        if not settings.graph_uri.startswith(("bolt", "neo4j")):
            raise UsageFault(f"KB_GRAPH_URI is {settings.graph_uri}: write bolt://HOST:7687 or neo4j://HOST:7687")
        writer = (settings.graph_user, settings.graph_password.get_secret_value())
        reader = writer
        if settings.graph_reader_user and settings.graph_reader_password:
            reader = (settings.graph_reader_user, settings.graph_reader_password.get_secret_value())
        graph = cls(
            _driver(settings.graph_uri, writer),
            functools.partial(_driver, settings.graph_uri, reader),
            settings.graph_database,
        )
        try:
            graph.ping()
        except GraphUnavailable:
            graph.close()
            raise
        return graph

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ping(self) -> None:
        """Raise GraphUnavailable unless the server answers our user."""
        with _reachable():
            self._driver.verify_connectivity()

    def read(self, statement: str, **parameters: Any) -> list[Row]:
        """Rows of one reading statement."""

        def work(transaction: neo4j.ManagedTransaction) -> list[Row]:
            return _Managed(transaction).run(statement, **parameters)

        with _reachable(), self._driver.session(database=self.database) as session:
            return _racing(lambda: session.execute_read(work))

    def write(self, work: Callable[[Transaction], T]) -> T:
        """The result of ``work``, run in one transaction; it may run several times and must do nothing else."""

        def managed(transaction: neo4j.ManagedTransaction) -> T:
            return work(_Managed(transaction))

        with _reachable(), self._driver.session(database=self.database) as session:
            return _racing(lambda: session.execute_write(managed))

    def run(self, statement: str, **parameters: Any) -> list[Row]:
        """Rows of one writing statement in a transaction of its own."""
        return self.write(lambda transaction: transaction.run(statement, **parameters))

    def stream(
        self, statement: str, parameters: Mapping[str, Any], seconds: float, take: Callable[[neo4j.Record], bool]
    ) -> tuple[str, ...]:
        """Give ``take`` the rows of an ad-hoc statement until it says False; the columns. Run once, as the reading user.

        Raises OverTime after ``seconds``. Neo4j ends the transaction then; a server that has a limit of its own only
        goes on until that, but our connection is closed.
        """
        ends = time.monotonic() + seconds
        with _reachable(), self._reader() as driver:
            clock = threading.Timer(seconds + _PATIENCE, _close, (driver,))
            clock.start()
            try:
                options: Row = {"default_access_mode": neo4j.READ_ACCESS, "fetch_size": _ROWS_AHEAD}
                with driver.session(database=self.database, **options) as session:
                    result = session.begin_transaction(timeout=seconds).run(statement, dict(parameters))
                    for record in result:
                        if time.monotonic() > ends:
                            raise OverTime
                        if not take(record):
                            break
                    # At once, or the server would first finish what nobody wants to see.
                    _close(driver)
                    return tuple(result.keys())
            except (exceptions.Neo4jError, exceptions.DriverError) as error:
                if time.monotonic() > ends:
                    raise OverTime from error
                raise
            finally:
                clock.cancel()


def _close(driver: neo4j.Driver) -> None:
    """Close the connections, from whichever thread; one that is busy with rows at this moment meets its end itself."""
    with contextlib.suppress(BufferError):
        driver.close()


def _racing(attempt: Callable[[], T]) -> T:
    """Try a transaction again after a lost race; a conflict that is permanent shows its error after the last try."""
    for race in range(1, _RACES):
        try:
            return attempt()
        except (exceptions.ConstraintError, LostRace):
            pass
        except exceptions.ClientError as error:
            if error.code != _GONE:
                raise
        time.sleep(random.random() * 0.05 * race)  # noqa: S311  a wait, not a secret
    return attempt()


def _driver(uri: str, auth: tuple[str, str]) -> neo4j.Driver:
    return neo4j.GraphDatabase.driver(
        uri,
        auth=auth,
        initial_retry_delay=0.05,  # the default first wait of 1 s halves the throughput under contention
        max_transaction_retry_time=15.0,
        connection_timeout=5.0,
        connection_acquisition_timeout=15.0,
        notifications_min_severity="OFF",
    )


@contextlib.contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except _AWAY as error:
        raise GraphUnavailable(f"the graph does not answer ({error}); is it running? `kb doctor` tells more") from error
