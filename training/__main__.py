"""All weights of the extractor's encoder again: ``python -m training DATA`` (``--list`` only says what it needs).

DATA holds eval/ and nlp/. Names come first, over all named texts; then all heads together over the labelled articles, at
last with sentences of our own. One article in five, by the hash of its name, is never trained on: it sets the thresholds and
is what the printed figures are of.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import torch

from kb.extract.encoder import WEIGHTS
from kb.extract.encoder import Encoder as Running
from kb.extract.wordpiece import WordPieces, read_vocabulary
from training.articles import articles, is_validation, named_texts
from training.batches import Example, examples
from training.composing import composed
from training.encoder import Encoder, Heads, load_base
from training.export import export, labels
from training.fit import Plan, fit
from training.inputs import fetch_base, listing
from training.manifest import write_manifest
from training.tuning import hold, tuned

NAMES = Plan(epochs=1, quiet_share=1.0)
FACTS = Plan(epochs=7, quiet_share=0.6)
# Last, and gently: the same articles with sentences composed of what they rarely say.
RARE = Plan(epochs=2, quiet_share=0.6, encoder_rate=5e-5, head_rate=4e-4)
COMPOSED = 1200


def train() -> None:
    """Read the arguments, train, tune, and write the weights with their manifest."""
    arguments = _arguments()
    listed, whole = listing(arguments.data)
    print(listed)
    if arguments.list:
        return
    if not whole:
        raise SystemExit("An input is missing or changed; see the list above.")
    with tempfile.TemporaryDirectory() as scratch:
        base = fetch_base(Path(scratch))
        WEIGHTS.mkdir(parents=True, exist_ok=True)
        shutil.copy(base / "vocab.txt", WEIGHTS)
        encoder, heads = _fitted(arguments.data, base)
    export(encoder, heads, WEIGHTS)
    (WEIGHTS / "labels.json").write_text(labels().model_dump_json(indent=1) + "\n", "utf-8")
    tune(arguments.data)


def tune(data: Path) -> None:
    """Set the thresholds of the weights that are there, on the validation articles."""
    running = Running()
    paths = [path for path in sorted((data / "eval" / "train").glob("*.txt")) if is_validation(path.stem)]
    best, scores = tuned(hold(paths, running), running.labels)
    (WEIGHTS / "labels.json").write_text(best.model_dump_json(indent=1) + "\n", "utf-8")
    write_manifest()
    print(scores.model_dump_json(indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--list", action="store_true", help="only list the inputs")
    return parser.parse_args()


def _fitted(data: Path, base: Path) -> tuple[Encoder, Heads]:
    torch.manual_seed(FACTS.seed)
    encoder, heads = Encoder(FACTS.dropout), Heads(FACTS.dropout)
    load_base(encoder, base / "model.safetensors")
    pieces = WordPieces(read_vocabulary(base / "vocab.txt"))
    named: list[Example] = []
    for number, article in enumerate(named_texts(data / "nlp" / "ner_train_nogmb.spacy")):
        named += examples(article, number, pieces)
    fit(encoder, heads, named, NAMES, print)
    told: list[Example] = []
    texts = [path for path in sorted((data / "eval" / "train").glob("*.txt")) if not is_validation(path.stem)]
    texts += [
        data / "eval" / "unlabelled" / f"{path.stem}.txt"
        for path in sorted((data / "nlp" / "news_ner").glob("u*.json"))
    ]
    for number, article in enumerate(articles(texts, data / "nlp" / "news_ner")):
        told += examples(article, number, pieces)
    fit(encoder, heads, told, FACTS, print)
    for number, article in enumerate(composed(COMPOSED, FACTS.seed)):
        told += examples(article, number + len(texts), pieces)
    fit(encoder, heads, told, RARE, print)
    return encoder, heads


if __name__ == "__main__":
    train()
