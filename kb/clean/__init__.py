"""From a raw article to a document: text, title, dates, language and source. What is not the article is marked, not cut."""

from kb.clean.document import clean

__all__ = ["clean"]
