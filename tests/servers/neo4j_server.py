"""A real Neo4j Community server without Docker: jars from Maven Central, any Java from 17 on.

Neo4j Community is GPLv3: it runs as a separate process in tests, and its jars are never shipped with kb.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import zipfile
from pathlib import Path

import neo4j
from neo4j import exceptions

from workers.services.server import ServerProcess, free_port, write_private

VERSION = "5.26.30"
_POM = f"""<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>kb</groupId><artifactId>neo4j-home</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies><dependency>
    <groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{VERSION}</version>
  </dependency></dependencies>
</project>
"""
_OPENS = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.util.concurrent")


class Missing(Exception):
    """What Neo4j needs is not on this machine; the message says what."""


def jars() -> Path:
    """The folder with Neo4j's jars, fetched once into the user's cache. Raises Missing without Maven."""
    folder = Path(os.environ.get("KB_NEO4J_JARS", Path.home() / ".cache" / "kb-tests" / f"neo4j-{VERSION}"))
    complete = folder / ".complete"
    if complete.exists():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing("Maven (mvn) fetches Neo4j's jars and is not installed")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "pom.xml").write_text(_POM)
    copy = ["dependency:copy-dependencies", f"-DoutputDirectory={folder}", "-DincludeScope=runtime"]
    subprocess.run([maven, "-B", "-q", "-f", str(folder / "pom.xml"), *copy], check=True, stdin=subprocess.DEVNULL)
    complete.touch()
    return folder


def java() -> str:
    """A Java of version 17 or later. Raises Missing."""
    homes = [os.environ.get("JAVA_HOME", ""), *map(str, sorted(Path("/usr/lib/jvm").glob("*")))]
    for command in [shutil.which("java"), *(f"{home}/bin/java" for home in homes)]:
        if command and os.access(command, os.X_OK):
            said = subprocess.run([command, "-version"], capture_output=True, text=True, check=False).stderr.split('"')
            if len(said) > 1 and said[1].split(".")[0].split("-")[0].isdigit() and int(said[1].split(".")[0]) >= 17:
                return command
    raise Missing("Neo4j needs Java 17 or later and none is installed")


class Neo4jServer(ServerProcess):
    """One Neo4j server with its data in ``folder``."""

    def __init__(self, folder: Path) -> None:
        super().__init__("neo4j", folder, folder / "logs")
        self.port, self.password = free_port(), secrets.token_urlsafe(16)

    def settings(self) -> dict[str, str]:
        """The settings that lead a client to this server."""
        return {
            "graph_uri": f"bolt://127.0.0.1:{self.port}",
            "graph_user": "neo4j",
            "graph_password": self.password,
            "graph_database": "neo4j",
        }

    def start(self, wait: float = 120.0) -> None:
        """Start and return when the database answers. Raises Missing, or ServiceFault."""
        command = self._command()
        write_private(self.folder / "data" / "dbms" / "auth.ini", _stored_password(self.password))
        write_private(self.folder / "conf" / "neo4j.conf", "".join(f"{k}={v}\n" for k, v in self._options().items()))
        self.run(command, self._answers, wait)

    def _command(self) -> list[str]:
        folder = jars()
        (server,) = folder.glob("neo4j-[0-9]*.jar")
        with zipfile.ZipFile(server) as jar:
            entry = jar.read("META-INF/services/org.neo4j.server.startup.EntryPoint").decode().split()[-1]
        opens = [f"--add-opens={package}=ALL-UNNAMED" for package in _OPENS]
        # The quick compiler alone: a test server lives for minutes.
        options = ["-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.disable.jmx=true"]
        ends = [f"--home-dir={self.folder}", f"--config-dir={self.folder / 'conf'}"]
        return [java(), *options, *opens, "-Dfile.encoding=UTF-8", "-cp", f"{folder}/*", entry, *ends]

    def _options(self) -> dict[str, object]:
        return {
            "server.default_listen_address": "127.0.0.1",
            "server.directories.data": self.folder / "data",
            "server.directories.logs": self.folder / "logs",
            "server.directories.import": self.folder / "import",
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.bolt.advertised_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "server.memory.pagecache.size": "64m",
            "server.memory.heap.initial_size": "64m",
            "server.memory.heap.max_size": "512m",
            "dbms.security.allow_csv_import_from_file_urls": "false",
            "dbms.security.auth_lock_time": "0s",
            "dbms.usage_report.enabled": "false",
            "db.tx_log.preallocate": "false",
            "db.tx_log.rotation.size": "32m",
            "db.transaction.timeout": "60s",
            "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
            "internal.server.bolt.thread_pool_shutdown_wait_time": "0s",
        }

    def _answers(self) -> bool:
        auth = ("neo4j", self.password)
        try:
            with neo4j.GraphDatabase.driver(self.settings()["graph_uri"], auth=auth, connection_timeout=2) as driver:
                driver.execute_query("RETURN 1", database_="neo4j")
        except (OSError, exceptions.DriverError, exceptions.Neo4jError):
            return False
        return True


def _stored_password(password: str) -> str:
    """What Neo4j's own tool writes for a first password: salted SHA-256, 1024 rounds."""
    salt = secrets.token_bytes(32)
    digest = hashlib.sha256(salt + password.encode()).digest()
    for _ in range(1023):
        digest = hashlib.sha256(digest).digest()
    return f"neo4j:SHA-256,{digest.hex()},{salt.hex()},1024:"
