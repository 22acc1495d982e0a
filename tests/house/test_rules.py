"""The rules of the house, as far as a machine can see them."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("kb", "workers", "training") for path in (ROOT / room).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
_SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "base", "misc", "manager", "managers", "main", "core"}


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_modules_are_short() -> None:
    assert [str(path) for path in SOURCES + TESTS if _lines(path) > 350] == []
    assert median(_lines(path) for path in SOURCES) < 150


def test_functions_are_short() -> None:
    lengths = dict(chain.from_iterable(_functions(path) for path in SOURCES))
    assert {name: length for name, length in lengths.items() if length > 45} == {}
    assert sum(length <= 25 for length in lengths.values()) / len(lengths) > 0.95


def test_module_names_say_something_and_shadow_nothing() -> None:
    names = {path.stem for path in SOURCES if not path.stem.startswith("__")}
    assert names & _SAYS_NOTHING == set()
    assert names & set(sys.stdlib_module_names) == set()


def test_no_test_uses_a_mock() -> None:
    forbidden = re.compile(r"unittest\.mock|\bMagicMock\b|\bmocker\b|monkeypatch\.setattr")
    assert [str(path) for path in TESTS if path != Path(__file__) and forbidden.search(path.read_text("utf-8"))] == []


def test_nothing_is_left_open_in_the_code() -> None:
    left = re.compile(r"\b(?:TODO|FIXME|HACK)\b|\bXXX\b")
    assert [str(p) for p in SOURCES + TESTS if p != Path(__file__) and left.search(p.read_text("utf-8"))] == []


def test_a_lock_always_changes_the_node_that_it_locks() -> None:
    """ArcadeDB takes a property set to its own value for no change, and lets a transaction that relied on it pass."""
    constant = re.compile(r"\.lock = (?!coalesce\(\w+\.lock, 0\) \+ 1)")
    assert [str(p) for p in SOURCES if constant.search(p.read_text("utf-8"))] == []


def test_no_file_names_the_address_of_a_registry_or_is_too_large() -> None:
    address = re.compile(
        r"--(?:extra-)?index-url[ =]+\S*:|--find-links|pypi\.(?:org|python)|registry\.npm|repo1?\.maven"
    )
    files = [path for path in _tracked() if path != Path(__file__)]
    assert [path.name for path in files if path.stat().st_size > 30 * 2**20] == []
    texts = [
        path
        for path in files
        if path.suffix in (".py", ".toml", ".lock", ".md", ".yaml", ".txt", "") and "weights" not in path.parts
    ]
    assert [str(path) for path in texts if address.search(path.read_text("utf-8", "replace"))] == []
    assert "uv.lock" not in {path.name for path in files}


def test_the_lock_files_hold_every_dependency_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [re.split(r"[\[<>=;! ]", line)[0].lower() for line in project["dependencies"]]
    dev = [re.split(r"[\[<>=;! ]", line)[0].lower() for line in project["optional-dependencies"]["dev"]]
    for name, needs in (("requirements.lock", wanted), ("requirements-dev.lock", wanted + dev)):
        text = (ROOT / name).read_text("utf-8")
        pinned = set(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", text, re.MULTILINE))
        assert [need for need in needs if need.replace("_", "-") not in {pin.lower() for pin in pinned}] == []
        assert text.count("--hash=sha256:") > len(pinned)


def test_links_between_documents_resolve() -> None:
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_every_package_of_the_notice_has_its_licence_beside_it() -> None:
    weights = ROOT / "kb" / "extract" / "weights" / "en_core_web_sm"
    assert "MIT" in (weights / "LICENSE").read_text("utf-8")
    assert (weights / "LICENSES_SOURCES").exists()
