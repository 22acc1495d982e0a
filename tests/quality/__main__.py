"""``python -m tests.quality``: how our own sentences are read, and which borders of the annotation guide are crossed.

``python -m tests.quality meeting demand`` prints the wrong ones of these fact types and tags only.
"""

import sys

import click

from kb.ontology import fact_types
from tests.quality.borders import items, report
from tests.quality.printing import table, wrong_by_tag


def main() -> None:
    words = set(sys.argv[1:])
    found = report([item for name in fact_types() for item in items(name)])
    click.echo("\n".join([*table(found), "", *wrong_by_tag(found, words)]))


if __name__ == "__main__":
    main()
