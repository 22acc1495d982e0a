"""Hostile files end with a reason for people, or as harmless articles, in a process whose memory is bounded."""

from typing import Any

import pytest

from tests.read.hostile import HOSTILE, read_all

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def ended() -> dict[str, dict[str, Any]]:
    return read_all()


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_ends_with_a_reason_or_as_a_harmless_article(ended: dict[str, Any], what: str) -> None:
    reason = HOSTILE[what][2]
    found = ended[what]["ended"]
    assert found.startswith("rejected: " if reason else "article: "), found
    assert reason in found


def test_no_entity_is_expanded_and_nothing_is_fetched(ended: dict[str, Any]) -> None:
    assert "haha" not in ended["billion laughs in HTML"]["ended"].replace(">", "")
    assert "root:" not in ended["a page that wants a file"]["ended"]
