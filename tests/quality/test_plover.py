"""Floors under the coding of sentences by PLOVER; they only rise."""

import pytest

from tests.quality import plover

FLOORS = {"AGREE": 0.70, "CONSULT": 0.75, "SUPPORT": 0.75, "COOPERATE": 0.42}


@pytest.mark.skipif(not plover.FOLDER.exists(), reason="the coded sentences are not here")
@pytest.mark.long
def test_sentences_of_news_are_coded_above_the_floors() -> None:
    rows = plover.table(plover.coded(plover.news(plover.FOLDER)))
    assert {row.event: round(row.f1, 3) for row in rows if row.f1 < FLOORS[row.event]} == {}
    assert sum(row.sentences for row in rows) > 200


def test_a_sentence_without_an_event_counts_as_wrong() -> None:
    pairs = [("AGREE", "AGREE"), ("AGREE", None), ("CONSULT", "AGREE"), ("REJECT", "AGREE"), ("REJECT", "REJECT")]
    agree, consult, *_ = plover.table(pairs)
    assert (agree.precision, agree.recall, agree.sentences) == (1 / 3, 1 / 2, 2)
    assert (consult.precision, consult.recall, consult.f1) == (0, 0, 0)
    assert plover.table(plover.within(pairs))[0].precision == 1 / 2
