import pytest

from kb.read import parse
from kb.read.strictjson import canonical
from kb.records import MediaType, RawArticle

BODY = "The two mayors met on the island and agreed on a ferry."


def read(record: object) -> RawArticle:
    return parse("0" * 64, canonical(record), MediaType.JSON)


@pytest.mark.parametrize(
    ("record", "title", "published", "source"),
    [
        pytest.param(
            {"source": {"id": None, "name": "Harbour Post"}, "author": "Ada Lind", "title": "A ferry",
             "url": "https://harbour.example/1", "publishedAt": "2020-01-08T10:00:00Z", "content": BODY},
            "A ferry", "2020-01-08T10:00:00Z", "Harbour Post", id="NewsAPI",
        ),
        pytest.param(
            {"webTitle": "A ferry", "webPublicationDate": "2020-01-08T10:00:00Z", "webUrl": "https://g.example/1",
             "fields": {"bodyText": BODY, "publication": "Harbour Post"}},
            "A ferry", "2020-01-08T10:00:00Z", "Harbour Post", id="Guardian",
        ),
        pytest.param(
            {"headline": {"main": "A ferry"}, "pub_date": "2020-01-08T10:00:00+0000", "web_url": "https://n.example/1",
             "source": "Harbour Post", "abstract": BODY, "byline": {"original": "By Ada Lind"}},
            "A ferry", "2020-01-08T10:00:00+0000", "Harbour Post", id="New York Times",
        ),
        pytest.param(
            {"title": "A ferry", "dateTimePub": "2020-01-08T10:00:00Z", "body": BODY, "lang": "eng",
             "source": {"uri": "harbour.example", "title": "Harbour Post"}},
            "A ferry", "2020-01-08T10:00:00Z", "Harbour Post", id="Event Registry",
        ),
        pytest.param(
            {"@type": "NewsArticle", "headline": "A ferry", "articleBody": BODY, "datePublished": "2020-01-08",
             "publisher": {"name": "Harbour Post"}, "inLanguage": "en", "author": [{"name": "Ada"}, {"name": "Bo"}]},
            "A ferry", "2020-01-08", "Harbour Post", id="schema.org",
        ),
        pytest.param(
            {"maintext": BODY, "title": "A ferry", "date_publish": "2020-01-08 10:00:00",
             "source_domain": "harbour.example"},
            "A ferry", "2020-01-08 10:00:00", "harbour.example", id="Common Crawl news",
        ),
        pytest.param(
            {"title": "A ferry", "seendate": "20200108T101500Z", "domain": "harbour.example", "language": "English"},
            "A ferry", "20200108T101500Z", "harbour.example", id="GDELT",
        ),
    ],
)  # fmt: skip
def test_the_usual_news_apis_are_understood(record: dict[str, object], title: str, published: str, source: str) -> None:
    raw = read(record)
    assert (raw.metadata.title, raw.metadata.published, raw.metadata.source) == (title, published, source)
    assert raw.body == ("" if "seendate" in record else BODY)


def test_html_in_a_text_becomes_paragraphs() -> None:
    raw = read({"content": "<p>The mayors <b>met</b> &amp; agreed.</p><script>x()</script><p>A ferry<br>sails.</p>"})
    assert raw.body == "The mayors met & agreed.\n\nA ferry\nsails."


def test_a_description_stands_above_the_text_that_does_not_begin_with_it() -> None:
    assert read({"description": "A new line.", "content": BODY}).body == f"A new line.\n\n{BODY}"
    assert read({"description": BODY[:40] + "…", "content": BODY}).body == BODY


def test_the_mark_of_a_cut_text_is_a_line_of_its_own() -> None:
    assert (
        read({"content": "The mayors met on the isl… [+512 chars]"}).body
        == "The mayors met on the isl…\n\n[+512 chars]"
    )


def test_words_for_nothing_are_no_metadata() -> None:
    raw = read({"text": BODY, "title": "unknown", "url": None, "published": "N/A", "translated": True})
    assert (raw.metadata.title, raw.metadata.url, raw.metadata.published) == (None, None, None)
    assert raw.metadata.translated is True
