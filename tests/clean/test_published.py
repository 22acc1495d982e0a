import pytest

from kb.clean import clean
from kb.clean.datewords import parse_date
from kb.records import Document, MediaType, Metadata, RawArticle

BODY = "The mayors of the two islands met on Monday and agreed that a ferry will sail every night."


def read(body: str = BODY, *, name: str = "a.txt", sidecar: str | None = None, **metadata: str) -> Document:
    raw = RawArticle(
        id="0" * 64,
        media_type=MediaType.TEXT,
        body=body,
        metadata=Metadata.model_validate(metadata),
        metadata_origin="front matter" if metadata else "",
    )
    return clean(raw, Metadata(published=sidecar), name)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2020-01-08", "2020-01-08"),
        ("2020-01", "2020-01"),
        ("2020", "2020"),
        ("2020-01-08T23:30:00-08:00", "2020-01-08"),
        ("20200108T101500Z", "2020-01-08"),
        ("Wed, 08 Jan 2020 10:00:00 GMT", "2020-01-08"),
        ("January 8, 2020", "2020-01-08"),
        ("8th of January 2020", "2020-01-08"),
        ("09-Jan-2020", "2020-01-09"),
        ("January 2020", "2020-01"),
        ("10.02.2023", "2023-02-10"),
        ("16/03/2002", "2002-03-16"),
        ("03/16/2002", "2002-03-16"),
        ("1578477600", "2020-01-08"),
        ("08/01/2020", None),
        ("2020-02-31", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(written: str, date: str | None) -> None:
    assert parse_date(written) == date


def test_the_strongest_origin_gives_the_date() -> None:
    lines = f"A ferry for the islands\n\nPublished: 4 January 2020\n\n{BODY}"
    url = "https://harbour.example/2020/01/05/ferry"
    name = "2020-01-06-ferry.txt"
    found = [
        read(lines, name=name, sidecar="2020-01-02", url=url, published="2020-01-03"),
        read(lines, name=name, url=url, published="2020-01-03"),
        read(lines, name=name, url=url),
        read(BODY, name=name, url=url),
        read(BODY, name=name),
        read(BODY),
    ]
    assert [(document.published, document.published_origin) for document in found] == [
        ("2020-01-02", "sidecar"),
        ("2020-01-03", "front matter"),
        ("2020-01-04", "byline"),
        ("2020-01-05", "url"),
        ("2020-01-06", "file name"),
        (None, None),
    ]


def test_a_dateline_with_a_year_gives_the_date() -> None:
    assert read(f"HARBOUR TOWN, January 8, 2020 (AP) - {BODY}").published == "2020-01-08"


def test_a_change_or_a_date_in_the_news_is_no_publication() -> None:
    assert read(f"A ferry for the islands\n\nUpdated: 4 January 2020\n\n{BODY}").published is None
    assert read(f"{BODY} The last ferry sailed on 4 January 2010.").published is None
