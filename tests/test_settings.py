"""Settings: environment before running servers before defaults."""

import json
from pathlib import Path

import pytest

from kb.errors import UsageFault
from kb.settings import Settings


def _endpoints(home: Path, **values: str) -> None:
    (home / "run").mkdir(parents=True)
    (home / "run" / "endpoints.json").write_text(json.dumps(values))


def test_running_servers_are_found_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_HOME", str(tmp_path))
    _endpoints(tmp_path, graph_uri="bolt://127.0.0.1:1", graph_user="root", dashboard_port="1234")
    settings = Settings.load()
    assert (settings.graph_uri, settings.graph_user, settings.dashboard_port) == ("bolt://127.0.0.1:1", "root", 1234)
    assert settings.folder.inbox == tmp_path / "inbox"


def test_a_graph_from_outside_is_never_mixed_with_the_embedded_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_HOME", str(tmp_path))
    monkeypatch.setenv("KB_GRAPH_URI", "bolt://elsewhere:7687")
    _endpoints(tmp_path, graph_uri="bolt://127.0.0.1:1", graph_user="root", redis_url="unix:///x")
    settings = Settings.load()
    assert (settings.graph_uri, settings.graph_user) == ("bolt://elsewhere:7687", "neo4j")
    assert settings.redis_url is not None


def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_WORKERS", "many")
    with pytest.raises(UsageFault, match="KB_WORKERS"):
        Settings.load()


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_GRAPH_PASSWORD", "open sesame")
    assert "sesame" not in repr(Settings.load())
