"""The offices that people hold (``offices.toml``)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from kb.records import Record


class Office(Record):
    """An office. ``words`` are other ways to write it, in lower case; ``shared``: several people hold it at once.

    ``sector`` is its holder's where that is not the sector of the state or body whose office it is ("LEG").
    """

    name: str
    words: tuple[str, ...] = ()
    sector: str | None = None
    shared: bool = False


@cache
def offices() -> Mapping[str, Office]:
    """All offices by name, in the file's order. Raises pydantic's ValidationError when the file is wrong."""
    table = tomllib.loads(files(__package__).joinpath("offices.toml").read_text("utf-8"))
    return MappingProxyType({name: Office.model_validate({**row, "name": name}) for name, row in table.items()})
