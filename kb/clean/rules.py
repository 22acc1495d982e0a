"""Patterns for what is not the article, as data: ``rules.toml``, first match wins."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from kb.records import PassageKind


@dataclass(frozen=True)
class Rule:
    """One named way in which a paragraph shows that it is something else than body text.

    ``max_chars`` bounds the paragraphs it is tried on. ``opens``: short lines that follow belong to it (a list of tags
    or teasers). ``translation``: it says that a machine translated the article. ``lead``: it is the first words of a
    paragraph, of which the rest is told apart by itself.
    """

    name: str
    kind: PassageKind
    pattern: re.Pattern[str]
    max_chars: int = 300
    opens: bool = False
    translation: bool = False
    lead: bool = False


@cache
def rules() -> tuple[Rule, ...]:
    """All rules in the order of the file."""
    table = tomllib.loads(resources.files("kb.clean").joinpath("rules.toml").read_text("utf-8"))
    return tuple(
        Rule(
            name=name,
            kind=PassageKind(entry["kind"]),
            pattern=re.compile(
                "|".join(f"(?:{pattern})" for pattern in entry["patterns"]), 0 if entry.get("case") else re.IGNORECASE
            ),
            max_chars=entry.get("max_chars", 300),
            opens=entry.get("opens", False),
            translation=entry.get("translation", False),
            lead=entry.get("lead", False),
        )
        for name, entry in table.items()
    )


def rule_for(paragraph: str) -> Rule | None:
    """The first rule that a whole paragraph on one line falls under; ``None`` for body text."""
    size = len(paragraph)
    whole = (rule for rule in rules() if size <= rule.max_chars and not rule.lead)
    return next((rule for rule in whole if rule.pattern.search(paragraph)), None)


def lead_of(paragraph: str) -> tuple[Rule, int] | None:
    """The rule for a paragraph's first words and how many characters they and the blank after them are."""
    for rule in rules():
        if rule.lead and (found := rule.pattern.match(paragraph)):
            return rule, found.end()
    return None
