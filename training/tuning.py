"""The numbers that are found on the validation articles once the weights stand: thresholds, merging and calibration."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.evaluate import Scores, agrees, matches, prediction, scored
from kb.extract.assembling import Passed, Told
from kb.extract.encoder import Encoder
from kb.extract.extractor import Prepared, assembled, judged, prepare, tell
from kb.extract.gathering import may_be_one, pair_signs
from kb.extract.judging import Signs, chance
from kb.extract.labels import FIRM, Labels
from kb.extract.reference import Reader
from kb.pipeline import read_documents
from kb.records import Document, Extraction
from kb.resolve import read_article

Outcomes = list[tuple[Signs, bool]]
_PRIOR = 1.0
_BARS = tuple(round(0.2 + 0.05 * step, 2) for step in range(12))
_SAME = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)


class Held(NamedTuple):
    """A validation article with its gold, read as far as no number of the labels matters."""

    document: Document
    prepared: Prepared
    reader: Reader
    outcomes: list[Told | Passed]
    gold: dict[str, Any]
    text: str


def hold(paths: Iterable[Path], encoder: Encoder) -> list[Held]:
    """Validation articles, parsed and marked, with what their triggers tell."""
    found = []
    for path in paths:
        gold = json.loads(path.with_suffix(".json").read_text("utf-8"))
        for document in read_documents(path):
            prepared = prepare(document, encoder)
            reader, outcomes = tell(document, prepared, encoder.labels)
            found.append(Held(document, prepared, reader, outcomes, gold, path.read_text("utf-8")))
    return found


def tuned(held: Sequence[Held], labels: Labels) -> tuple[Labels, Scores]:
    """Labels with the bars and likeness of the best F1, and the curve that turns a telling's signs into a chance."""
    outcomes = {name: _outcomes(held, name) for name in labels.types}
    best = labels.model_copy(update={"kept": dict.fromkeys(labels.types, 0.45), "same": 0.5})
    best = best.model_copy(update={"calibration": {name: curve(found) for name, found in outcomes.items()}})
    best = best.model_copy(update={"merging": {name: curve(_pairs(held, best, name)) for name in labels.types}})
    for name in labels.types:
        choices = [best.model_copy(update={"kept": {**best.kept, name: bar}}) for bar in _BARS]
        best = max(choices, key=lambda choice: score(held, choice).types["all"].f1)
    choices = [best.model_copy(update={"same": likeness}) for likeness in _SAME]
    best = max(choices, key=lambda choice: score(held, choice).types["all"].f1)
    firm = {name: _bar(reliability(found, best.calibration[name])) for name, found in outcomes.items()}
    best = best.model_copy(update={"firm": firm})
    return best, score(held, best)


def _bar(pairs: Sequence[tuple[float, bool]]) -> float:
    """The lowest chance above which at least FIRM of the sentences are right; FIRM itself where there is none."""
    found, right = FIRM, 0
    for count, (p, correct) in enumerate(sorted(pairs, reverse=True), 1):
        right += correct
        if count >= 20 and right / count >= FIRM:
            found = p
    return round(min(found, FIRM), 4)


def score(held: Sequence[Held], labels: Labels) -> Scores:
    """How good the facts of these articles are with these labels."""
    return scored(
        (item.gold, item.text, prediction(read_article(item.document, _extraction(item, labels)), "")) for item in held
    )


def _extraction(item: Held, labels: Labels) -> Extraction:
    return assembled(item.document, item.prepared, item.reader, item.outcomes, labels, "tuning")


def reliability(outcomes: Outcomes, weights: Mapping[str, float]) -> list[tuple[float, bool]]:
    """(p_correct, right) of each sentence that tells a fact of a type."""
    return [(chance(weights, signs), right) for signs, right in outcomes]


def _outcomes(held: Sequence[Held], name: str) -> Outcomes:
    """Signs of each sentence that tells a fact of a type, and whether that is right; without those on a borderline."""
    found = []
    for item in held:
        for told in item.outcomes:
            if isinstance(told, Passed) or told.type.name != name:
                continue
            fact = _telling(item, told)
            right = matches(fact, item.gold["facts"], item.text)
            if right or not matches(fact, item.gold.get("borderline", []), item.text):
                found.append((told.signs, right))
    return found


def _pairs(held: Sequence[Held], labels: Labels, name: str) -> Outcomes:
    """Signs of each two tellings of a type in one article that may be of one event, and whether they state the same fact."""
    found = []
    for item in held:
        told = [one for one in (judged(one, labels) for one in item.outcomes) if isinstance(one, Told)]
        known = [(one, fact) for one in told if one.type.name == name for fact in [_fact(item, one)] if fact]
        found += [
            (pair_signs(one, two), bool(facts & others))
            for (one, facts), (two, others) in combinations(known, 2)
            if may_be_one(one, two)
        ]
    return found


def _fact(item: Held, told: Told) -> frozenset[int]:
    """The gold facts that a telling's sentence states, of these the ones with the most of its actors; by number."""
    agreement = {
        number: found
        for number, fact in enumerate(item.gold["facts"])
        if (found := agrees(_telling(item, told), fact, item.text)) is not None
    }
    most = max(agreement.values(), default=0.0)
    return frozenset(number for number, found in agreement.items() if found == most)


def _telling(item: Held, told: Told) -> dict[str, Any]:
    """A telling in the form of a predicted fact."""
    actors = (at for role in told.type.acting for at in told.roles.get(role, ()))
    return {
        "type": told.type.name,
        "participants": [{"name": item.reader.cast.drafts[at].name} for at in actors],
        "evidence": [{"quote": item.prepared.docs[told.text].text[slice(*told.sentence)]}],
    }


def curve(outcomes: Outcomes) -> dict[str, float]:
    """Logistic regression from signs to right, by Newton's method with a weak prior at "the trigger's own p"."""
    names = list(outcomes[0][0])
    x = np.array([[signs[name] for name in names] for signs, _ in outcomes])
    y = np.array([right for _, right in outcomes], dtype=float)
    start = np.array([float(name == "trigger") for name in names])
    weights = start.copy()
    for _ in range(50):
        p = _logistic(x @ weights)
        gradient = x.T @ (y - p) + _PRIOR * (start - weights)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + _PRIOR * np.eye(len(weights))
        step = np.linalg.solve(hessian, gradient)
        while np.abs(step).max() > 1e-6 and _loss(weights + step, x, y, start) > _loss(weights, x, y, start):
            step /= 2
        weights = weights + step
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def _logistic(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -30, 30))), dtype=np.float64)


def _loss(
    weights: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64], start: NDArray[np.float64]
) -> float:
    p = np.clip(_logistic(x @ weights), 1e-12, 1 - 1e-12)
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).sum() + _PRIOR * ((weights - start) ** 2).sum() / 2)
