"""One frozen settings object, read once at each door (command line, worker, page) and handed down.

Precedence: ``KB_…`` environment variables, then the addresses of running embedded servers (``run/endpoints.json``
in the home folder, written by ``kb up``), then the defaults here.
"""

import json
import os
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kb.errors import UsageFault


class Settings(BaseSettings):
    """All settings; each field is the environment variable ``KB_`` + its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="KB_", frozen=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("kb")),
        description="folder of everything that a running system owns",
    )
    inbox: Path | None = Field(None, description="watched folder; HOME/inbox when unset")
    redis_url: SecretStr | None = Field(None, description="Redis to use; unset: kb up starts an embedded one")
    graph_uri: str | None = Field(None, description="Bolt address of the graph; unset: kb up starts an embedded one")
    graph_user: str = Field("neo4j", description="user that may write to the graph")
    graph_password: SecretStr = Field(SecretStr(""), description="password of graph_user")
    graph_reader_user: str | None = Field(None, description="user for ad-hoc queries; graph_user when unset")
    graph_reader_password: SecretStr | None = Field(None, description="password of graph_reader_user")
    graph_database: str = Field("neo4j", description="database of the graph")
    graph_admin_url: str | None = Field(None, description="HTTP address of an embedded graph's schema commands")
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, description="worker processes")
    polling: bool = Field(False, description="poll the inbox instead of listening (network file systems)")
    processed: Literal["links", "nothing"] = Field(
        "links", description="what processed/ holds: hard links into the archive, or nothing"
    )
    settle_seconds: float = Field(2.0, gt=0, description="a file is complete when unchanged for this long")
    disk_reserve_bytes: int = Field(2**28, ge=0, description="intake waits while less is free on the home's disk")
    max_file_bytes: int = Field(64 * 2**20, gt=0, description="larger deliveries are rejected")
    max_article_chars: int = Field(400_000, gt=0, description="longer articles are rejected")
    max_attempts: int = Field(3, ge=1, description="times an article may lose its worker before it is set aside")
    lease_seconds: int = Field(300, gt=0, description="how long a worker may hold an article; also its hard limit")
    queue_bound: int = Field(256, ge=1, description="messages kept in Redis; the rest wait in the ledger")
    query_seconds: float = Field(30.0, gt=0, description="time limit of an ad-hoc query")
    query_rows: int = Field(10_000, gt=0, description="row limit of an ad-hoc query")
    query_bytes: int = Field(8 * 2**20, gt=0, description="limit of an ad-hoc query's rows, in bytes of JSON")
    dashboard_port: int = Field(0, ge=0, le=65535, description="port of the dashboard on loopback; 0: any free one")
    examples: bool = Field(True, description="offer the example articles on the very first start of an empty home")

    @cached_property
    def folder(self) -> "HomeFolder":
        """The home folder's parts."""
        return HomeFolder(self.home.expanduser().absolute(), self.inbox)

    @classmethod
    def load(cls) -> "Settings":
        """Settings of this process. Raises UsageFault, naming the variable, when one has no valid value."""
        try:
            first = cls()
            found = first.folder.read_endpoints()
            given = first.model_fields_set
            # An address from outside switches the embedded server off as a whole: never mix its user with ours.
            if "graph_uri" in given:
                found = {key: value for key, value in found.items() if not key.startswith("graph_")}
            return cls(**{key: value for key, value in found.items() if key not in given})
        except ValidationError as error:
            fault = error.errors()[0]
            name = "KB_" + "_".join(str(part) for part in fault["loc"]).upper()
            raise UsageFault(f"{name}: {fault['msg']}. `kb settings` lists all settings.") from None


class HomeFolder:
    """Paths under one home folder; nothing else in the project spells them."""

    def __init__(self, root: Path, inbox: Path | None = None) -> None:
        self.root = root
        self.inbox = (inbox or root / "inbox").expanduser().absolute()
        self.taken = root / "taken"
        self.processed = root / "processed"
        self.failed = root / "failed"
        self.archive = root / "archive"
        self.graph = root / "graph"
        self.redis = root / "redis"
        self.log = root / "log"
        self.run = root / "run"

    @property
    def endpoints(self) -> Path:
        """JSON file (0600) with the settings that point to the running embedded servers."""
        return self.run / "endpoints.json"

    def make(self) -> None:
        """Create what is missing; all but the inbox, processed and failed are private to the user."""
        for private in (self.root, self.taken, self.archive, self.graph, self.redis, self.log, self.run):
            private.mkdir(parents=True, exist_ok=True, mode=0o700)
        for shared in (self.inbox, self.processed, self.failed):
            shared.mkdir(parents=True, exist_ok=True)

    def read_endpoints(self) -> dict[str, Any]:
        """Settings of the running embedded servers; empty when none run."""
        try:
            found = json.loads(self.endpoints.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
