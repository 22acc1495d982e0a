"""The ``kb`` entry point: kb.cli's commands, and those of the running system."""

from kb.cli import COMMANDS, KbGroup

kb = KbGroup(
    "kb",
    {
        "up": ("workers.commands.up", "Start all that is not already running; --once works off the inbox and ends."),
        "add": ("workers.commands.inbox", "Put files into the inbox, with what is known of them."),
        **COMMANDS,
        "status": ("workers.commands.health", "How the system stands, with workers and queue."),
        "examples": ("workers.commands.inbox", "Add or remove the example articles."),
        "doctor": ("workers.commands.health", "Check the machine and the running system; say what to do."),
    },
    help="News articles in, cited facts out: drop files into the inbox, ask the graph.",
)
