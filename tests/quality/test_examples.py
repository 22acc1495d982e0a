"""The catalogue's example sentences say what a fact type is, and what it is not."""

import pytest

from kb.ontology import fact_types
from kb.ontology.catalogue import Example
from tests.extract.test_extractor import told

_EXAMPLES = [
    pytest.param(name, example, id=f"{name}: {example.text}")
    for name, fact_type in fact_types().items()
    for example in fact_type.examples
]


@pytest.mark.parametrize(("name", "example"), _EXAMPLES)
def test_an_example_tells_what_the_catalogue_says(name: str, example: Example) -> None:
    found = [(status, who) for type_, status, who in told(example.text) if type_ == name]
    expected = [(example.status, sorted(example.participants))] if example.status else []
    assert found == expected


@pytest.mark.parametrize("name", list(fact_types()))
def test_every_type_has_examples_of_each_of_its_common_statuses_and_of_what_it_is_not(name: str) -> None:
    statuses = [example.status for example in fact_types()[name].examples]
    assert len(statuses) >= 12
    assert statuses.count(None) >= 2
    assert len(set(statuses)) >= 4
