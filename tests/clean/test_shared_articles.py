"""Every article that lies beside the repository is read and cleaned; only what is not English is turned away."""

from pathlib import Path

import pytest

from kb.clean import clean
from kb.errors import UnreadableLanguage
from kb.read import parse, split
from kb.records import Document, Metadata, PassageKind

SHARED = Path(__file__).parents[2] / "../shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared folder with articles beside the repository")


def documents(path: Path) -> list[Document]:
    slices, faults = split(path.read_bytes(), path.name)
    assert faults == ()
    return [clean(parse(found.id, found.data, found.media_type), Metadata(), path.name) for found in slices]


@pytest.mark.parametrize("pattern", ["dev/*.txt", "train/*.txt", "unlabelled/*.txt", "html/*.html", "clusters/*/*.txt"])
def test_every_article_is_read_and_cleaned(pattern: str) -> None:
    paths = sorted((SHARED / "eval").glob(pattern))
    assert paths
    for path in paths:
        for document in documents(path):
            assert document.language == "en"
            assert any(passage.kind is PassageKind.BODY for passage in document.passages), path.name


def test_every_article_in_another_language_is_turned_away_by_name() -> None:
    names = {"ar": "Arabic", "it": "Italian", "tr": "Turkish"}
    paths = sorted((SHARED / "eval/clusters").glob("*/other-lang/*.txt"))
    assert paths
    for path in paths:
        with pytest.raises(UnreadableLanguage, match=names[path.name[:2]]):
            documents(path)


def test_the_seed_is_told_apart_as_a_reader_would() -> None:
    (document,) = documents(next((SHARED / "seed").glob("*.txt")))
    kinds = [passage.kind.value for passage in document.passages]
    assert kinds[:6] == ["title", "standfirst", "noise", "caption", "caption", "disclaimer"]
    assert set(kinds[6:-1]) == {"body"}
    assert kinds[-1] == "noise"
    assert [passage.duplicate for passage in document.passages][4:5] == [True]
    assert document.translated
    assert document.published is None
    assert document.source is None
