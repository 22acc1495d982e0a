import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.clean import clean
from kb.clean.source import safe_url, source_of
from kb.errors import UnreadableFile, UnreadableLanguage
from kb.records import Document, MediaType, Metadata, RawArticle, Source

BODY = "The mayors of the two islands met on Monday and agreed that a ferry will sail every night."
SERBIAN = "Predsednici opština sastali su se danas u luci i dogovorili da brod plovi svake noći do kraja leta. " * 4
PAGE = f"""<html lang="en"><head><title>A ferry at night | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><link rel="canonical" href="https://www.harbour.example/ferry">
<meta property="article:published_time" content="2020-01-08T10:00:00+01:00"></head>
<body><nav><a href="/">Home</a></nav><article><h1>A ferry at night</h1><p>{BODY}</p>
<p>Mayor Lind said after the talks that students would pay half of the fare from May.</p>
<p>The council of the smaller island has to approve the plan before the end of March.</p></article></body></html>"""


def read(
    body: str, media_type: MediaType = MediaType.TEXT, sidecar: Metadata | None = None, **metadata: object
) -> Document:
    raw = RawArticle(
        id="0" * 64,
        media_type=media_type,
        body=body,
        metadata=Metadata.model_validate(metadata),
        metadata_origin="html" if media_type is MediaType.HTML else "front matter",
    )
    return clean(raw, sidecar or Metadata(), "article")


def test_the_title_stands_above_the_text_once() -> None:
    told = read(BODY, title="A ferry  at night")
    assert told.text == f"A ferry at night\n\n{BODY}"
    assert told.text_id == hashlib.sha256(told.text.encode()).hexdigest()
    assert told.words == len(told.text.split())
    assert read(told.text, title="A Ferry at Night!").text == told.text
    assert read(BODY, title=f"{BODY[:30]}…").text == BODY


def test_a_page_gives_its_article_and_what_it_says_of_itself() -> None:
    found = read(PAGE, MediaType.HTML)
    assert found.title == "A ferry at night"
    assert found.source == Source(id="harbour.example", name="Harbour Post")
    assert found.url == "https://www.harbour.example/ferry"
    assert (found.published, found.published_origin) == ("2020-01-08", "html")
    assert BODY in found.text
    assert "Home" not in found.text


def test_markdown_loses_its_marks_and_keeps_its_words() -> None:
    found = read(
        f"# A ferry at night\n\n**{BODY[:10]}**{BODY[10:]} See [the plan](https://x.example/a_b).", MediaType.MARKDOWN
    )
    assert found.text == f"A ferry at night\n\n{BODY} See the plan."
    assert found.title == "A ferry at night"


def test_a_sidecar_is_stronger_than_the_file() -> None:
    found = read(
        BODY, sidecar=Metadata(title="Night ferry", translated=False), title="A ferry", source="X (machine translation)"
    )
    assert (found.title, found.translated) == ("Night ferry", False)


@pytest.mark.parametrize(
    ("body", "metadata"),
    [
        (f"{BODY}\n\nDisclaimer: The translation was made by an AI tool.", {}),
        (BODY, {"source": "Harbour Post (machine translation)"}),
        (BODY, {"translated": True, "original_language": "sv"}),
    ],
)
def test_a_machine_translation_is_known(body: str, metadata: dict[str, object]) -> None:
    raw = RawArticle(
        id="0" * 64,
        media_type=MediaType.TEXT,
        body=body,
        metadata=Metadata.model_validate(metadata),
        metadata_origin="",
    )
    found = clean(raw, Metadata(), "article")
    assert found.translated
    assert found.original_language == metadata.get("original_language")
    assert not read(BODY).translated


@pytest.mark.parametrize("hint", [None, "en", "sr"])
def test_another_language_is_rejected_by_name_whatever_the_file_says(hint: str | None) -> None:
    with pytest.raises(UnreadableLanguage, match=r"The text is in (?:Serbian \(sr\)|Croatian \(hr\)|Bosnian \(bs\))"):
        read(SERBIAN, language=hint)


def test_english_is_read_under_a_wrong_label() -> None:
    assert read(BODY * 3, language="sr").language == "en"
    assert read("Lind met Berg.", language="English").language == "en"


@pytest.mark.parametrize("body", ["", "\n \n", "12 34", "[ad_1]\n\n###", "By Ada Holm"])
def test_a_file_without_words_is_unreadable(body: str) -> None:
    with pytest.raises(UnreadableFile, match="no article"):
        read(body)


def test_a_page_without_an_article_is_unreadable() -> None:
    with pytest.raises(UnreadableFile):
        read("<html><body><script>x()</script></body></html>", MediaType.HTML)
    with pytest.raises(UnreadableFile):
        read("<div>" * 50_000, MediaType.HTML)


def test_a_text_beyond_the_bound_is_unreadable() -> None:
    raw = RawArticle(id="0" * 64, media_type=MediaType.TEXT, body=BODY, metadata=Metadata(), metadata_origin="")
    assert clean(raw, Metadata(), "a.txt", max_chars=len(BODY)).text == BODY
    with pytest.raises(UnreadableFile, match="at most 50 are read"):
        clean(raw, Metadata(), "a.txt", max_chars=50)


@pytest.mark.parametrize(
    ("metadata", "source"),
    [
        ({"url": "https://www.harbour.example/a", "source": "Harbour Post"}, ("harbour.example", "Harbour Post")),
        ({"url": "https://amp.harbour.example/a"}, ("harbour.example", "harbour.example")),
        ({"source": "www.harbour.example"}, ("harbour.example", "www.harbour.example")),
        ({"source": "Agência Nova (repost)"}, ("agencia-nova", "Agência Nova (repost)")),
        ({"url": "javascript:alert(1)"}, None),
        ({}, None),
    ],
)
def test_a_publisher_has_one_id(metadata: dict[str, str], source: tuple[str, str] | None) -> None:
    found = source_of(Metadata.model_validate(metadata))
    assert found == (Source(id=source[0], name=source[1]) if source else None)


def test_only_addresses_of_the_web_are_kept() -> None:
    assert safe_url(" https://harbour.example/a ") == "https://harbour.example/a"
    assert [safe_url(url) for url in ("file:///etc/passwd", "javascript:x", "https://a b", "", None)] == [None] * 5


@given(
    st.lists(st.one_of(st.text(max_size=80), st.sampled_from(["By Ada Holm", "Related", "1 views", BODY])), max_size=8)
)
@settings(deadline=None, max_examples=60)
def test_cleaning_a_clean_text_changes_nothing(lines: list[str]) -> None:
    first = read("\n\n".join([*lines, BODY, BODY, BODY]), title="A ferry for the islands", language="en")
    again = read(first.text, title=first.title, language="en")
    assert (again.text, again.passages) == (first.text, first.passages)
    for passage in first.passages:
        assert 0 <= passage.start < passage.end <= len(first.text)
