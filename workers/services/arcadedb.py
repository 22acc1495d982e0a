"""The embedded graph: ArcadeDB's server as a process of its own, with the Java runtime that its wheel brings.

It speaks Bolt to the official driver, and HTTP for the few schema commands that its Cypher lacks. Both listen on
loopback only. Tested with arcadedb-embedded 26.10.
"""

import base64
import hashlib
import http.client
import json
import secrets
import socket
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kb.errors import ServiceFault
from workers.services.server import ServerProcess, free_port, write_private

DATABASE = "kb"

_TYPE_RIGHTS = ["createRecord", "readRecord", "updateRecord", "deleteRecord"]
_SCHEMA_RIGHTS = ["updateSecurity", "updateSchema", "updateDatabaseSettings"]
# A message over this hangs the driver (the server's default is 16 MiB).
_MAX_MESSAGE = 256 * 2**20
_JAVA_OPTIONS = (
    "-Xms64m",
    "-XX:+UseCompactObjectHeaders",
    "-XX:+ExitOnOutOfMemoryError",
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-modules=jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF8",
    "-Dpolyglot.engine.WarnInterpreterOnly=false",
)


def _stored_password(password: str) -> str:
    """ArcadeDB's stored form of a password; the salt is the base64 text itself, not what it encodes."""
    salt = base64.b64encode(secrets.token_bytes(32)).decode()
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 65536, 32)
    return f"PBKDF2WithHmacSHA256$65536${salt}${base64.b64encode(digest).decode()}"


def _groups() -> dict[str, Any]:
    def group(access: list[str], types: list[str]) -> dict[str, Any]:
        return {"resultSetLimit": -1, "readTimeout": -1, "access": access, "types": {"*": {"access": types}}}

    groups = {"admin": group(_SCHEMA_RIGHTS, _TYPE_RIGHTS), "readonly": group([], ["readRecord"]), "*": group([], [])}
    return {"version": 2, "databases": {"*": {"groups": groups}}}


class EmbeddedGraph(ServerProcess):
    """One ArcadeDB server with its data in ``folder``; ``start`` and ``stop`` once each."""

    def __init__(self, folder: Path, log: Path, heap: str = "512m", statement_seconds: int = 60) -> None:
        super().__init__("graph", folder, log)
        self.heap, self.statement_seconds = heap, statement_seconds
        self.bolt_port = self.http_port = 0

    def settings(self) -> dict[str, str]:
        """The settings (``kb.settings``) that lead a client to this server."""
        secret = self._credentials()
        return {
            "graph_uri": f"bolt://127.0.0.1:{self.bolt_port}",
            "graph_user": "root",
            "graph_password": secret["root"],
            "graph_reader_user": "reader",
            "graph_reader_password": secret["reader"],
            "graph_database": DATABASE,
            "graph_admin_url": f"http://127.0.0.1:{self.http_port}",
        }

    def start(self, wait: float = 60.0) -> None:
        """Start the server and return when it answers. Raises ServiceFault with the end of its output otherwise."""
        self._credentials()
        write_private(self.folder / "logging.properties", self._logging())
        # After a crash the clients look for the server where it was.
        self.bolt_port, self.http_port = self.bolt_port or free_port(), self.http_port or free_port()
        self.run(self._command(), self._answers, wait)

    def _credentials(self) -> dict[str, str]:
        path = self.folder / "credentials.json"
        if not path.exists():
            secret = {
                "root": secrets.token_urlsafe(24),
                "reader": secrets.token_urlsafe(24),
                "name": f"kb-{secrets.token_hex(6)}",
            }
            users = (
                {"name": "root", "password": _stored_password(secret["root"]), "databases": {"*": ["admin"]}},
                {
                    "name": "reader",
                    "password": _stored_password(secret["reader"]),
                    "databases": {DATABASE: ["readonly"]},
                },
            )
            write_private(self.folder / "config" / "server-groups.json", json.dumps(_groups()))
            write_private(
                self.folder / "config" / "server-users.jsonl", "".join(json.dumps(user) + "\n" for user in users)
            )
            write_private(path, json.dumps(secret))
        found: dict[str, str] = json.loads(path.read_text("utf-8"))
        return found

    def _logging(self) -> str:
        handler = "java.util.logging.FileHandler"
        return (
            f"handlers = {handler}\n.level = WARNING\ncom.arcadedb.level = WARNING\n"
            "com.arcadedb.bolt.BoltNetworkExecutor.level = SEVERE\n"
            f"{handler}.level = INFO\n{handler}.pattern = {self.log}/graph-%g.log\n"
            f"{handler}.formatter = com.arcadedb.log.LogFormatter\n"
            f"{handler}.limit = 10000000\n{handler}.count = 3\n{handler}.append = true\n"
        )

    def _command(self) -> list[str]:
        spec = find_spec("arcadedb_embedded")
        if spec is None or not spec.submodule_search_locations:
            raise ServiceFault("the embedded graph exists for Linux x86_64 only; set KB_GRAPH_URI to a Neo4j server")
        package = Path(spec.submodule_search_locations[0])
        options = [f"-D{key}={value}" for key, value in self._options().items()]
        return [
            str(package / "jre" / "bin" / "java"),
            f"-Xmx{self.heap}",
            f"-XX:ErrorFile={self.log}/hs_err_%p.log",
            *_JAVA_OPTIONS,
            *options,
            "-cp",
            str(package / "jars" / "*"),
            "com.arcadedb.server.ArcadeDBServer",
        ]

    def _options(self) -> dict[str, object]:
        return {
            "java.util.logging.config.file": self.folder / "logging.properties",
            "arcadedb.server.name": self._credentials()["name"],
            "arcadedb.server.rootPath": self.folder,
            "arcadedb.server.logsDirectory": self.log,
            "arcadedb.server.mode": "development",  # "production" hides every error message from the client
            "arcadedb.server.httpIncomingHost": "127.0.0.1",
            "arcadedb.server.httpIncomingPort": self.http_port,
            "arcadedb.server.httpsIncomingPort": self.http_port,
            "arcadedb.server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "arcadedb.bolt.host": "127.0.0.1",
            "arcadedb.bolt.port": self.bolt_port,
            "arcadedb.bolt.defaultDatabase": DATABASE,
            "arcadedb.bolt.maxMessageSize": _MAX_MESSAGE,
            "arcadedb.bolt.packstream.maxValueLength": _MAX_MESSAGE,
            "arcadedb.server.defaultDatabases": f"{DATABASE}[]",
            "arcadedb.txWalFlush": 2,  # fsync at commit; the default does not
            "arcadedb.command.timeout": self.statement_seconds * 1000,  # the driver's own timeouts are ignored
            "arcadedb.opencypher.loadCsv.allowFileUrls": "false",
            "arcadedb.opencypher.loadCsv.allowRemoteUrls": "false",
            "arcadedb.support.autoRegister": "false",
        }

    def _answers(self) -> bool:
        """True when the server under our ports is this one: a port taken by another leaves ours half started."""
        secret = self._credentials()
        token = base64.b64encode(f"root:{secret['root']}".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=5)
        try:
            connection.request("GET", "/api/v1/server?mode=basic", headers={"Authorization": f"Basic {token}"})
            answer = connection.getresponse()
            ours = answer.status == 200 and json.loads(answer.read()).get("serverName") == secret["name"]
            if ours:
                socket.create_connection(("127.0.0.1", self.bolt_port), 1).close()
        except (OSError, ValueError, http.client.HTTPException):
            return False
        else:
            return ours
        finally:
            connection.close()
