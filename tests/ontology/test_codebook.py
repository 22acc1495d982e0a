"""The codebook is what the catalogue says."""

from pathlib import Path

import pytest

from kb.ontology import FactType, fact_types
from kb.ontology.codebook import codebook, example_of

BOOK = Path(__file__).parents[2] / "docs" / "codebook.md"


def test_the_codebook_is_the_one_that_its_command_makes() -> None:
    assert BOOK.read_text("utf-8") == codebook(), "run `python -m kb.ontology.codebook > docs/codebook.md`"


@pytest.mark.parametrize("fact_type", fact_types().values(), ids=lambda fact_type: fact_type.name)
def test_every_status_kind_and_row_of_the_table_has_an_example(fact_type: FactType) -> None:
    examples = fact_type.examples
    assert {example.status for example in examples} == {None, *fact_type.statuses}
    assert {example.kind for example in examples if example.status} == {*fact_type.kinds} or not fact_type.kinds
    assert [row.model_dump() for row in fact_type.plover if example_of(fact_type, row) is None] == []
