"""Markdown → the words a reader of the page would see."""

import re
from collections.abc import Callable


def _heading(found: re.Match[str]) -> str:
    # A pattern for the marks at the end would look at each run of blanks in the line again and again.
    return found[1].rstrip(" \t").rstrip("#").rstrip(" \t")


_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"<!--(?:(?!<!--).){0,5000}?-->", re.DOTALL), ""),
    (re.compile(r"!\[[^\[\]\n]{0,500}+\]\([^)\n]{0,2000}+\)"), ""),
    (re.compile(r"\[([^\[\]\n]{1,500}+)\]\([^)\n]{0,2000}+\)"), r"\1"),
    (re.compile(r"^\s{0,3}\[[^\]\n]{1,80}\]:\s+\S+.*$", re.MULTILINE), ""),
    (re.compile(r"^\s{0,3}#{1,6}[ \t]+([^\n]*)$", re.MULTILINE), _heading),
    (re.compile(r"^\s{0,3}(?:>[ \t]?)+", re.MULTILINE), ""),
    (re.compile(r"^(?:[ \t]*[-*_]){3,}[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"(?<![\w*])\*{1,3}(?=\S)([^*\n]{1,2000}?)(?<=\S)\*{1,3}(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_{1,3}(?=\S)([^_\n]{1,2000}?)(?<=\S)_{1,3}(?![\w_])"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])"), r"\1"),
)


def plain(source: str) -> str:
    """The text without marks of headings, links, emphasis, quotes and rules; lists keep their bullets."""
    for pattern, replacement in _RULES:
        source = pattern.sub(replacement, source)
    return source
