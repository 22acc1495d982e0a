"""The ``kb`` command: what needs no running system, or only its graph. ``workers.cli`` adds the rest."""

from kb.cli.group import KbGroup, fail

COMMANDS = {
    "facts": ("kb.cli.looking", "List facts with their sentences."),
    "show": ("kb.cli.looking", "Show whatever has this id: fact, evidence, article, entity, delivery."),
    "failures": ("kb.cli.looking", "List what was set aside, with the reason."),
    "query": ("kb.cli.looking", "Run a Cypher query that reads."),
    "export": ("kb.cli.exporting", "Print what the graph knows, as JSON lines."),
    "retry": ("kb.cli.changing", "Try failed work again."),
    "withdraw": ("kb.cli.changing", "Take back what an article states."),
    "migrate": ("kb.cli.changing", "Bring the graph to this version's schema."),
    "extract": ("kb.cli.reading", "Print what files say, without any server."),
    "code": ("kb.cli.reading", "Print the PLOVER events of each sentence, without any server."),
    "eval": ("kb.cli.reading", "Compare what is extracted with gold files."),
    "settings": ("kb.cli.reading", "List all settings."),
}

kb = KbGroup("kb", COMMANDS, help="News articles in, cited facts out.")

__all__ = ["COMMANDS", "KbGroup", "fail", "kb"]
