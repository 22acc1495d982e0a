"""Bytes of one delivery → articles as their files tell them.

    split       a delivery → its articles' own bytes, and what in it is no article
    parse       one article's bytes → ``RawArticle``
    read_sidecar    NAME.meta.json → ``Metadata``

Nothing here touches a file or the network, and nothing depends on when it runs.
"""

from kb.read.delivery import parse, split
from kb.read.sidecar import SIDECAR_SUFFIX, read_sidecar

__all__ = ["SIDECAR_SUFFIX", "parse", "read_sidecar", "split"]
