"""Word lists of the grammar, read from ``lexicon.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf-8"))


def words(name: str) -> frozenset[str]:
    """A word list. Raises KeyError when the file has no such list."""
    return frozenset(_lists()[name])


def word_table(name: str) -> dict[str, frozenset[str]]:
    """A table of word lists, in the file's order. Raises KeyError when the file has no such table."""
    return {key: frozenset(found) for key, found in _lists()[name].items()}
