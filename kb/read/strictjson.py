"""JSON in which every value has one meaning (I-JSON, RFC 7493), as canonical JSON (RFC 8785) needs it."""

import json
import math
from collections import Counter
from typing import Any

import rfc8785

_SAFE_INTEGER = 2**53 - 1
_MOST_VALUES = 4_000_000
"""What a text of JSON may hold at most, counted by its brackets and commas; each value takes some 100 bytes of memory."""


def loads(text: str) -> Any:
    """The value of this JSON text.

    Integers beyond 2**53 become floats, which is what RFC 8785 makes of them. Raises ValueError, with a sentence that
    goes on after "it is not JSON: ", for broken text, double keys, NaN, numbers without end, too deep nesting and more than
    four million values.
    """
    values = sum(text.count(mark) for mark in "[{,")
    if values > _MOST_VALUES:
        raise ValueError(f"it holds {values:,} values, and {_MOST_VALUES:,} are read; split it")
    try:
        return json.loads(
            text, object_pairs_hook=_single, parse_constant=_no_constant, parse_int=_integer, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg.lower()} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def canonical(value: Any) -> bytes:
    """The canonical bytes (RFC 8785) of a value of ``loads``. Raises ValueError where there are none."""
    try:
        return rfc8785.dumps(value)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeError:
        raise ValueError("a string holds half a character") from None


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counted = Counter(name for name, _ in pairs)
        twice = next(name for name, number in counted.items() if number > 1)
        raise ValueError(f"the key {twice[:80]!r} stands twice in one object")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _integer(digits: str) -> int | float:
    if len(digits) < 17 and abs(int(digits)) <= _SAFE_INTEGER:
        return int(digits)
    return _finite(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number
