"""From mentions to entities and from claims to facts: pure functions, no database.

Facts depend on evidence alone: never on the order of arrival, on repeats, or on how the work was cut into batches.
"""

from kb.resolve.entities import entity_id
from kb.resolve.facts import article_facts, facts_of
from kb.resolve.neighbourhood import Fetch, Neighbourhood, neighbourhood
from kb.resolve.reading import read_article
from kb.resolve.tallies import tally

__all__ = ["Fetch", "Neighbourhood", "article_facts", "entity_id", "facts_of", "neighbourhood", "read_article", "tally"]
