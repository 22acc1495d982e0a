"""An article as its file tells it → a ``Document``: one immutable text, what its passages are, when and by whom.

What is not the article (captions, counters, teasers) is marked in the text, never cut from it.
"""

from kb.clean.article import clean
from kb.clean.datewords import parse_date

__all__ = ["clean", "parse_date"]
