"""What a person at the terminal sees: counts as they change, and every article with its facts as it ends."""

import contextlib
from collections.abc import Callable

from kb.archive import Archive
from kb.errors import GraphUnavailable
from kb.graph import Graph, Ledger, look
from kb.phrasing import article_lines, fact_lines
from kb.readings import kept_reading
from kb.settings import Settings
from kb.views import ArticleView
from workers.watch.watcher import scan

_MOST_AT_ONCE = 200


class Progress:
    """Asked again and again; tells through ``say`` what is new. ``told`` articles, ``failed`` files so far."""

    def __init__(self, graph: Graph, settings: Settings, say: Callable[[str], None]) -> None:
        self._graph, self._ledger, self._say = graph, Ledger(graph), say
        self._folder, self._archive = settings.folder, Archive(settings.folder.archive)
        self._since, self._counts = look.now(graph), ""
        self._known: set[str] = set()
        self.told = 0
        self.failed = 0

    def step(self) -> None:
        """Tell what has ended since the last step; says nothing while the graph is away."""
        with contextlib.suppress(GraphUnavailable):
            for article in look.ended_articles(self._graph, self._since, _MOST_AT_ONCE):
                key = f"{article.id} {article.state} {article.extractor} {article.published}"
                if key not in self._known:
                    self._known.add(key)
                    self._tell(article)
            for path, reason in look.ended_deliveries(self._graph, self._since):
                if path not in self._known:
                    self._known.add(path)
                    self.failed += 1
                    self._say(f"FILE failed · {path}\n    {reason}\n")
            self._tell_counts()

    def idle(self) -> bool:
        """True when nothing waits: neither in the inbox, nor taken, nor in the ledger."""
        if any(True for _ in scan(self._folder.inbox)) or any(self._folder.taken.iterdir()):
            return False
        with contextlib.suppress(GraphUnavailable):
            if self._ledger.unfinished() == 0:
                self.step()
                return True
        return False

    def _tell(self, article: ArticleView) -> None:
        self.told += 1
        self.failed += article.state in ("failed", "rejected")
        lines = article_lines(article, *kept_reading(self._archive, article))
        facts = look.facts_by_id(self._graph, article.facts)
        lines[1:1] = [f"  {line}" for fact in facts for line in fact_lines(fact)]
        self._say("\n".join([*lines, ""]))

    def _tell_counts(self) -> None:
        found = look.status(self._graph)
        counts = ", ".join(f"{count} {state}" for state, count in found.articles.items())
        facts = sum(found.facts.values())
        line = f"[{counts}; {facts} facts]"
        if counts and line != self._counts:
            self._counts = line
            self._say(line)
