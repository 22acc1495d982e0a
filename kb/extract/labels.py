"""What the encoder's outputs stand for: written by the training beside the weights, read by the extractor."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from kb.records import Record

# The share of firm sentences that is right.
FIRM = 0.9


class Labels(Record):
    """The order of every head's outputs, and the numbers found on articles that the weights were not trained on.

    ``statuses`` are (type, status) pairs. A trigger is looked at from the probability ``looked_at`` up, and kept from the
    chance ``kept[type]`` up; what it tells is firm from ``firm[type]`` up, above which nine in ten are right. ``same`` is
    the likeness from which two triggers of an article tell one fact. ``calibration[type]`` are the weights of the logistic
    regression from ``features`` to the chance that a telling is right.
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
    calibration: Mapping[str, tuple[float, ...]] = {}

    def chance(self, fact_type: str, values: Sequence[float]) -> float:
        """The chance that what a trigger tells is right; its own probability where nothing was calibrated.

        ``values`` are those of ``features``.
        """
        weights = self.calibration.get(fact_type, (0.0, 1.0, 0.0, 0.0, 0.0))
        return 1 / (1 + math.exp(-sum(weight * value for weight, value in zip(weights, values, strict=True))))


def features(trigger: float, weakest: float, joined: int, actors: int) -> tuple[float, ...]:
    """What the chance of a telling is reckoned from, with a constant first: two log-odds and two counts."""
    return 1.0, _log_odds(trigger), _log_odds(weakest), float(joined), float(min(actors, 5))


def _log_odds(p: float) -> float:
    bounded = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))


def read_labels(folder: Path) -> Labels:
    """The labels of the weights in a folder."""
    return Labels.model_validate_json((folder / "labels.json").read_text("utf-8"))
