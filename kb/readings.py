"""What the archive keeps of an article's reading: its text, and all that was extracted from it."""

from kb.archive import Archive
from kb.errors import NotFound
from kb.records import Document, Extraction, Unused
from kb.views import ArticleView

Kept = tuple[str | None, tuple[Unused, ...]]
"""An article's text, and the sentences that were looked at and not used."""


def keep_reading(archive: Archive, document: Document, extraction: Extraction) -> str:
    """Put text and extraction into the archive; returns the id of the extraction's blob (the text's is its own)."""
    archive.put(document.text.encode())
    return archive.put(extraction.model_dump_json().encode())


def kept_reading(archive: Archive, article: ArticleView) -> Kept:
    """What was kept of an article; nothing where the archive lacks it."""
    if not article.text_id or not article.extraction_id:
        return None, ()
    try:
        extraction = Extraction.model_validate_json(archive.get(article.extraction_id))
        return archive.get(article.text_id).decode(), extraction.unused
    except NotFound:
        return None, ()


def readings_of(archive: Archive, article_id: str) -> set[str]:
    """Ids of all extractions and texts that the archive holds of an article, those of earlier readings among them."""
    mark = b'{"article_id":"%s","text_id":"' % article_id.encode()
    found: set[str] = set()
    for blob, head in archive.heads(len(mark) + 64):
        if head.startswith(mark):
            found |= {blob, head[len(mark) :].decode()}
    return found
