"""A web page → its source, decoded. What in it is the article is found by ``kb.clean``."""

from kb.errors import UnreadableFile
from kb.read.decoding import decode
from kb.records import MediaType, Metadata, RawArticle


def parse_html(article_id: str, data: bytes) -> RawArticle:
    """An HTML page. Raises UnreadableFile when there is no tag in it."""
    source = decode(data)
    if "<" not in source:
        raise UnreadableFile("The file is named as a web page but holds no HTML; save it as .txt.")
    return RawArticle(
        id=article_id, media_type=MediaType.HTML, body=source, metadata=Metadata(), metadata_origin="html"
    )
