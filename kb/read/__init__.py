"""From a blob to raw articles, one module per format."""

from kb.read.formats import parse, split
from kb.read.sidecar import SIDECAR_SUFFIX, read_sidecar

__all__ = ["SIDECAR_SUFFIX", "parse", "read_sidecar", "split"]
