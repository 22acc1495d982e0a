"""Every example sentence of the catalogue is read as it says."""

import pytest

from kb.ontology import FactType, fact_types
from kb.ontology.catalogue import Example
from tests.extract.reading import named, read

CASES = [(fact_type, example) for fact_type in fact_types().values() for example in fact_type.examples]


@pytest.mark.parametrize(("fact_type", "example"), CASES, ids=[example.text for _, example in CASES])
def test_an_example_is_read_as_the_catalogue_says(fact_type: FactType, example: Example) -> None:
    extraction = read(example.text, "2023-06-14")
    found = [item for item in extraction.evidence if item.type == fact_type.name]
    if example.status is None:
        assert found == []
        return
    told = [(item.status, item.kind, named(extraction, item)) for item in found]
    assert told == [(example.status, example.kind, set(example.participants))]


@pytest.mark.parametrize("fact_type", fact_types().values(), ids=lambda fact_type: fact_type.name)
def test_a_fact_type_has_a_dozen_examples_with_what_it_is_not(fact_type: FactType) -> None:
    assert len(fact_type.examples) >= 12
    assert any(example.status is None for example in fact_type.examples)
