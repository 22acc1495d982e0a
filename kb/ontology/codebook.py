"""The codebook, made from the catalogue: ``python -m kb.ontology.codebook > docs/codebook.md``."""

import sys
from collections.abc import Iterable, Iterator, Sequence

from kb.ontology.catalogue import Example, FactType, fact_types
from kb.ontology.plover import Code, Coding, event_types

_HEAD = """# Codebook

What can be known of an article: fact types with their roles, kinds and statuses, and the PLOVER code of each. Made from
`kb/ontology/facts/*.toml` and `kb/ontology/plover.toml` by `python -m kb.ontology.codebook > docs/codebook.md`; change
those, not this. All example sentences are invented; tests read them."""

_PLOVER = """## PLOVER

The Political Language Ontology for Verifiable Event Records of the Open Event Data Alliance. A fact has the code that most
sentences of its status tell (`plover`, `plover_mode`); what is denied or only possible has none. `kb code FILE…` codes
every sentence, whether or not its actors are named; the event types without a fact type are told by their verbs alone."""


def codebook() -> str:
    """The whole codebook as Markdown."""
    parts = [_HEAD, *(_type(fact_type) for fact_type in fact_types().values()), _PLOVER, "\n".join(_events())]
    return "\n\n".join(parts) + "\n"


def _type(fact_type: FactType) -> str:
    means, told = fact_type.meanings, [example for example in fact_type.examples if example.status]
    parts = [
        f"## {fact_type.label}\n\n{fact_type.means} It takes at least {_actors(fact_type.least_actors)}.",
        _table(("role", "who"), ([role.name, means[role.name]] for role in fact_type.roles)),
        _table(("status", "means", "example"), ([s, means[s], _first(told, status=s)] for s in fact_type.statuses)),
    ]
    if fact_type.kinds:
        parts.append(
            _table(("kind", "means", "example"), ([k, means[k], _first(told, kind=k)] for k in fact_type.kinds))
        )
    parts.append(_table(("kind", "status", "where", "PLOVER", "example"), _codes(fact_type)))
    none = "\n".join(f"- {example.text}" for example in fact_type.examples if not example.status)
    parts.append(f"No {fact_type.label.lower()}:\n\n{none}")
    return "\n\n".join(parts)


def _codes(fact_type: FactType) -> Iterator[list[str]]:
    for row in fact_type.plover:
        example = example_of(fact_type, row)
        yield [
            ", ".join(row.kinds) or "any",
            ", ".join(row.statuses),
            "; ".join(_where(row)),
            str(Code(row.code, row.mode)),
            example.text if example else "",
        ]
    left = [s for s in fact_type.statuses if not any(row.always and s in row.statuses for row in fact_type.plover)]
    if left:
        yield ["any", ", ".join(left), "else", "none", ""]


def example_of(fact_type: FactType, row: Coding) -> Example | None:
    """The first example sentence that this row of a type's table codes, all its words being the trigger's where it names none."""
    for example in fact_type.examples:
        if example.status is not None:
            fits = (r for r in fact_type.plover if r.covers(example.kind, example.status))
            if next((r for r in fits if r.told(example.trigger or example.text, example.text)), None) == row:
                return example
    return None


def _where(row: Coding) -> Iterator[str]:
    if row.words:
        yield f"the trigger has {', '.join(map(_stem, row.words))}"
    if row.near:
        yield f"the sentence has {', '.join(map(_stem, row.near))}"


def _stem(word: str) -> str:
    return word.strip() if word.endswith(" ") else f"{word}…"


def _events() -> Iterator[str]:
    rows = ([name, kind.quad.value, kind.means, ", ".join(kind.modes)] for name, kind in event_types().items())
    yield _table(("event type", "quad class", "means", "modes"), rows)


def _first(examples: Iterable[Example], **wanted: str) -> str:
    return next((e.text for e in examples if all(getattr(e, name) == value for name, value in wanted.items())), "")


def _actors(count: int) -> str:
    return {1: "one named actor", 2: "two named actors"}.get(count, f"{count} named actors")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(codebook())
