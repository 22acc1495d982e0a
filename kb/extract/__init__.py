"""From texts to mentions and evidence, behind one small interface; the weights lie here as package data."""

from kb.extract.extractor import Extractor, load

__all__ = ["Extractor", "load"]
