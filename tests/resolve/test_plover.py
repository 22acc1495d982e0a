"""The PLOVER code of a fact, from the words of its sentences."""

from itertools import permutations

from kb.ontology import Code
from kb.resolve import article_facts, read_article
from kb.resolve.tallies import most_told
from tests.extract.reading import document, read


def test_a_fact_has_the_code_and_the_mode_that_its_sentences_tell() -> None:
    text = "Emmanuel Macron spoke with Olaf Scholz by phone.\nNorway pledged to send two ships to Poland."
    reading = read_article(document(text), read(text))
    found = {fact.type: (fact.plover, fact.plover_mode) for fact in article_facts(reading)}
    assert found == {"meeting": ("CONSULT", "phone"), "pledge": ("AGREE", None)}


def test_the_code_told_most_counts_whatever_the_order() -> None:
    told = [(Code("REJECT", None), 1), (Code("CONSULT", None), 1), (Code("CONSULT", "visit"), 1), (None, 5)]
    assert {most_told(order) for order in permutations(told)} == {Code("CONSULT", "visit")}
    assert most_told([(None, 3)]) is None
