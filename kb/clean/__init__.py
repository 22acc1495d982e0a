"""From a raw article to a document: text, title, dates, language and source. What is not the article is marked, not cut."""

from kb.clean.document import clean
from kb.clean.published import as_partial

__all__ = ["as_partial", "clean"]
