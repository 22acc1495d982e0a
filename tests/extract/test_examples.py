"""The example sentences of the catalogue are read as it says."""

import pytest

from kb.ontology import FactType, fact_types
from kb.ontology.catalogue import Example
from tests.extract.reading import named, read

# A learned reader is held to a share of the examples of each type, not to each one.
FLOOR = 0.85


def _is_read_as_it_says(fact_type: FactType, example: Example) -> bool:
    extraction = read(example.text, "2023-06-14")
    found = [item for item in extraction.evidence if item.type == fact_type.name]
    told = [(item.status, item.kind, named(extraction, item)) for item in found]
    return told == ([(example.status, example.kind, set(example.participants))] if example.status else [])


@pytest.mark.parametrize("fact_type", fact_types().values(), ids=lambda fact_type: fact_type.name)
def test_examples_are_read_as_the_catalogue_says(fact_type: FactType) -> None:
    wrong = [example.text for example in fact_type.examples if not _is_read_as_it_says(fact_type, example)]
    assert 1 - len(wrong) / len(fact_type.examples) >= FLOOR, wrong


@pytest.mark.parametrize("fact_type", fact_types().values(), ids=lambda fact_type: fact_type.name)
def test_a_fact_type_has_a_dozen_examples_with_what_it_is_not(fact_type: FactType) -> None:
    assert len(fact_type.examples) >= 12
    assert any(example.status is None for example in fact_type.examples)
