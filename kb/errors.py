"""Every error that kb raises on purpose, as one tree.

KbError
├── TryAgain          the same call can succeed later; nothing is wrong with the input
│   ├── GraphUnavailable      the graph, or the way to it, is away
│   ├── QueueUnavailable      Redis, or the way to it, is away
│   ├── StorageUnavailable    the disk is full, or cannot be written
│   └── StillChanging         a file is being written; its bytes were not stable while we read them
└── NeverAgain        the same call will fail again until somebody changes something
    ├── UsageFault            the command or the setting is wrong; the message says what to type instead
    ├── Rejected              the input is not an article that we can read: a property of the file, not a failure
    │   ├── UnreadableFile        broken, empty, oversized or of an unknown format
    │   └── UnreadableLanguage    a text in a language for which there is no extractor
    ├── SchemaMismatch        the graph was written by a newer (or not migrated older) version
    ├── LeaseLost             another worker has taken this work over; whatever we computed is dropped
    ├── NotFound              no such article, evidence, fact or blob
    ├── RefusedQuery          an ad-hoc query outside the read-only allow-list, or over its limits
    └── ServiceFault          an embedded server did not start or stop as it must
"""


class KbError(Exception):
    """Base of all errors of kb; ``str(error)`` is a sentence for a person: what is wrong, where, what to do."""


class TryAgain(KbError):
    """The same call can succeed later; nothing is wrong with the input."""


class GraphUnavailable(TryAgain):
    """The graph server, or the network to it, is away."""


class QueueUnavailable(TryAgain):
    """Redis, or the network to it, is away."""


class StorageUnavailable(TryAgain):
    """The disk is full, or cannot be written."""


class StillChanging(TryAgain):
    """A file changed while it was read."""


class NeverAgain(KbError):
    """The same call fails again until somebody changes the input, the settings or the code."""


class UsageFault(NeverAgain):
    """A command line or a setting is wrong."""


class Rejected(NeverAgain):
    """The input is not an article that kb can read; ``str(error)`` is the reason that the ledger keeps."""


class UnreadableFile(Rejected):
    """Broken, empty, oversized, or of a format that no reader knows."""


class UnreadableLanguage(Rejected):
    """The text is in a language for which there is no extractor."""


class SchemaMismatch(NeverAgain):
    """The graph holds another schema version than this code writes."""


class LeaseLost(NeverAgain):
    """The lease on this work has passed to another worker; the result must not be written."""


class NotFound(NeverAgain):
    """No article, evidence, fact, entity or blob has this id."""


class RefusedQuery(NeverAgain):
    """An ad-hoc query that is not read-only, or that exceeds its time, row or byte limit."""


class ServiceFault(NeverAgain):
    """An embedded server did not start, or did not stop."""
