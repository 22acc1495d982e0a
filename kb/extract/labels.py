"""What the encoder's outputs stand for: written by the training beside the weights, read by the extractor."""

from collections.abc import Mapping
from pathlib import Path

from kb.records import Record

# The share of firm sentences that is right.
FIRM = 0.9


class Labels(Record):
    """The order of every head's outputs, and the numbers found on articles that the weights were not trained on.

    ``statuses`` are (type, status) pairs. A trigger is looked at from the probability ``looked_at`` up, and kept from the
    chance ``kept[type]`` up; what it tells is firm from ``firm[type]`` up, above which nine in ten are right. ``same`` is
    the likeness from which two triggers of an article tell one fact. ``calibration[type]`` are the weights of the logistic
    regression from a telling's signs to the chance that it is right.
    """

    types: tuple[str, ...]
    roles: tuple[str, ...]
    names: tuple[str, ...]
    statuses: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    looked_at: float = 0.1
    kept: Mapping[str, float] = {}
    firm: Mapping[str, float] = {}
    same: float = 0.5
    calibration: Mapping[str, Mapping[str, float]] = {}


def read_labels(folder: Path) -> Labels:
    """The labels of the weights in a folder."""
    return Labels.model_validate_json((folder / "labels.json").read_text("utf-8"))
