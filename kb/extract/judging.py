"""The chance that what a trigger tells is right, by signs that the encoder gives of it.

Signs of grammar (tense, definiteness, quotation, kind and status) were tried beside these; on articles apart they add nothing.
"""

import math
from collections.abc import Mapping

from kb.extract.casting import Filled
from kb.extract.encoder import Event
from kb.ontology import FactType

Signs = Mapping[str, float]
_MOST = 5


def signs(event: Event, filled: Filled, fact_type: FactType) -> Signs:
    """What speaks for and against a telling: log-odds of the ``trigger`` and of the ``weakest`` role; three counts."""
    actors = {actor for role in fact_type.acting for actor in filled.roles.get(role, ())}
    return {
        "constant": 1.0,
        "trigger": log_odds(event.p),
        "weakest": log_odds(filled.weakest),
        "joined": float(filled.joined),
        "actors": float(min(len(actors), _MOST)),
        "named": float(min(filled.named, _MOST)),
    }


def chance(weights: Mapping[str, float], found: Signs) -> float:
    """The chance by a logistic regression; the trigger's own where there are no weights."""
    weights = weights or {"trigger": 1.0}
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) * value for name, value in found.items())))


def log_odds(p: float) -> float:
    """The logarithm of the odds of a probability, kept finite."""
    bounded = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))
