"""The numbers that are found on the validation articles once the weights stand: thresholds, merging and calibration."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.evaluate import Scores, evaluate, matches, prediction
from kb.extract.assembling import Passed
from kb.extract.encoder import Encoder
from kb.extract.extractor import Prepared, assemble, prepare, tell
from kb.extract.labels import FIRM, Labels
from kb.pipeline import read_documents
from kb.records import Document
from kb.resolve import read_article

_BARS = tuple(round(0.2 + 0.05 * step, 2) for step in range(12))
_LIKENESS = (0.7, 0.8, 0.85, 0.9, 0.95, 1.1)


class Held(NamedTuple):
    """A validation article, read as far as no number of the labels matters."""

    path: Path
    document: Document
    prepared: Prepared


def hold(paths: Iterable[Path], encoder: Encoder) -> list[Held]:
    """Validation articles, parsed and marked."""
    return [Held(path, document, prepare(document, encoder)) for path in paths for document in read_documents(path)]


def tuned(held: Sequence[Held], labels: Labels) -> tuple[Labels, Scores]:
    """Labels with the bars and likeness of the best F1, and the curve that turns a trigger's score into a chance."""
    best = labels.model_copy(update={"kept": dict.fromkeys(labels.types, 0.45), "same": 0.9})
    curves = {name: _curve(held, best, name) for name in labels.types}
    best = best.model_copy(update={"calibration": curves})
    for name in labels.types:
        choices = [best.model_copy(update={"kept": {**best.kept, name: bar}}) for bar in _BARS]
        best = max(choices, key=lambda choice: score(held, choice).types["all"].f1)
    choices = [best.model_copy(update={"same": likeness}) for likeness in _LIKENESS]
    best = max(choices, key=lambda choice: score(held, choice).types["all"].f1)
    firm = {name: _bar(reliability(held, best, name)) for name in labels.types}
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
    lines = [
        prediction(
            read_article(item.document, assemble(item.document, item.prepared, labels, "tuning")), str(item.path)
        )
        for item in held
    ]
    with tempfile.TemporaryDirectory() as scratch:
        for item in held:
            shutil.copy(item.path, scratch)
            shutil.copy(item.path.with_suffix(".json"), scratch)
        return evaluate(Path(scratch), lines)


def reliability(held: Sequence[Held], labels: Labels, name: str) -> list[tuple[float, bool]]:
    """(p_correct, right) of each sentence that tells a fact of a type; what matches a borderline fact is left out."""
    return [(labels.chance(name, values), right) for values, right in _outcomes(held, labels, name)]


def _outcomes(held: Sequence[Held], labels: Labels, name: str) -> list[tuple[tuple[float, ...], bool]]:
    everything = labels.model_copy(update={"kept": dict.fromkeys(labels.types, 0.0)})
    found = []
    for item in held:
        gold = json.loads(item.path.with_suffix(".json").read_text("utf-8"))
        text = item.path.read_text("utf-8")
        reader, outcomes = tell(item.document, item.prepared, everything)
        for told in outcomes:
            if isinstance(told, Passed) or told.type.name != name:
                continue
            names = [
                {"name": reader.cast.drafts[at].name} for role in told.type.acting for at in told.roles.get(role, ())
            ]
            quote = item.prepared.docs[told.text].text[slice(*told.sentence)]
            fact = {"type": name, "participants": names, "evidence": [{"quote": quote}]}
            right = matches(fact, gold["facts"], text)
            if right or not matches(fact, gold.get("borderline", []), text):
                found.append((told.values, right))
    return found


def _curve(held: Sequence[Held], labels: Labels, name: str) -> tuple[float, ...]:
    """Logistic regression from features to right, by Newton's method with a weak prior at "the trigger's own p"."""
    outcomes = _outcomes(held, labels, name)
    x = np.array([values for values, _ in outcomes])
    y = np.array([right for _, right in outcomes], dtype=float)
    start = np.zeros(x.shape[1])
    start[1] = 1.0
    weights = start.copy()
    for _ in range(50):
        p = _logistic(x @ weights)
        gradient = x.T @ (y - p) + (start - weights)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.eye(len(weights))
        step = np.linalg.solve(hessian, gradient)
        while np.abs(step).max() > 1e-6 and _loss(weights + step, x, y, start) > _loss(weights, x, y, start):
            step /= 2
        weights = weights + step
    return tuple(round(float(weight), 4) for weight in weights)


def _logistic(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -30, 30))), dtype=np.float64)


def _loss(
    weights: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64], start: NDArray[np.float64]
) -> float:
    p = np.clip(_logistic(x @ weights), 1e-12, 1 - 1e-12)
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).sum() + ((weights - start) ** 2).sum() / 2)
