"""The encoder and its heads, in PyTorch: MiniLM read in windows, and what is asked of its words.

Encoder: BERT's architecture (Devlin et al. 2019) with the weights of all-MiniLM-L6-v2 (6 layers of 384, Apache-2.0), and an
embedding of how each word is written added to its input. Heads: names and triggers of every word; for a trigger its role
words, its status and kind; for two triggers whether they tell one fact; for a pronoun or noun the name it stands for.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from kb.extract.encoder import DATE, PLACE
from kb.extract.windows import DISTANCES
from kb.extract.wordpiece import SHAPES
from kb.ontology import fact_types
from training.articles import NAMES

WIDTH, LAYERS, ATTENTION, INNER = 384, 6, 12, 1536
TYPES = tuple(fact_types())
STATUSES = tuple(fact_type.statuses for fact_type in fact_types().values())
KINDS = tuple(kind for fact_type in fact_types().values() for kind in fact_type.kinds)
ROLES = ("none", PLACE, DATE, *dict.fromkeys(role.name for own in fact_types().values() for role in own.roles))
NAME_LABELS = ("O", *(f"{part}-{name}" for name in NAMES for part in "BI"))
_ROLE_WIDTH, _EVENT_WIDTH, _REFERENCE_WIDTH = 192, 96, 128


class Layer(nn.Module):
    """One transformer layer, normalised after each half."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.out, self.up, self.down = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """[batch, pieces, WIDTH] to the same; ``mask`` is added to the attention scores."""
        batch, length, _ = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(batch, length, ATTENTION, WIDTH // ATTENTION).transpose(1, 2)

        seen = F.scaled_dot_product_attention(split(self.query(x)), split(self.key(x)), split(self.value(x)), mask)
        x = self.norm1(x + self.drop(self.out(seen.transpose(1, 2).reshape(batch, length, WIDTH))))
        after: Tensor = self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))
        return after


class Encoder(nn.Module):
    """Windows of pieces into word vectors, with the scores of the heads that look at each word alone."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.pieces, self.places = nn.Embedding(30522, WIDTH), nn.Embedding(512, WIDTH)
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.drop = nn.Dropout(dropout)
        self.names = nn.Linear(WIDTH, len(NAME_LABELS))
        self.triggers = nn.Linear(WIDTH, len(TYPES))
        nn.init.normal_(self.shapes.weight, std=0.01)

    def forward(self, pieces: Tensor, shapes: Tensor, heads: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """[batch, pieces] twice and [batch, words] into word vectors, name scores and trigger scores by word.

        Piece 0 is padding and attended to by nobody.
        """
        mask = torch.zeros(pieces.shape, dtype=torch.float32, device=pieces.device)
        mask = mask.masked_fill(pieces == 0, -1e4)[:, None, None, :]
        x = self.pieces(pieces) + self.places.weight[: pieces.shape[1]] + self.shapes(shapes)
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask.to(x.dtype))
        words = torch.gather(x, 1, heads[:, :, None].expand(-1, -1, WIDTH))
        return words, self.names(self.drop(words)), self.triggers(self.drop(words))


class Heads(nn.Module):
    """What is asked about a trigger: ``event`` is the mean vector of its words."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.types = nn.Embedding(len(TYPES), WIDTH)
        self.word, self.event = nn.Linear(WIDTH, _ROLE_WIDTH), nn.Linear(WIDTH, _ROLE_WIDTH)
        self.distances = nn.Embedding(DISTANCES, _ROLE_WIDTH)
        self.roles = nn.Linear(_ROLE_WIDTH, len(ROLES))
        self.hidden = nn.Linear(WIDTH, WIDTH)
        self.statuses, self.kinds = nn.Linear(WIDTH, sum(map(len, STATUSES))), nn.Linear(WIDTH, len(KINDS))
        self.told = nn.Linear(WIDTH, _EVENT_WIDTH)
        self.anaphor, self.antecedent = nn.Linear(WIDTH, _REFERENCE_WIDTH), nn.Linear(WIDTH, _REFERENCE_WIDTH)
        self.reference_bias = nn.Parameter(torch.full((1,), -3.0))
        self.drop = nn.Dropout(dropout)

    def forward(self, words: Tensor, events: Tensor, types: Tensor, distances: Tensor) -> tuple[Tensor, ...]:
        """Word vectors [events, words, WIDTH], event vectors [events, WIDTH], types [events], distances [events, words].

        Out come role scores [events, words, roles], status and kind scores, and vectors whose likeness tells one fact.
        """
        event = events + self.types(types)
        mixed = self.word(words) + self.event(event)[:, None, :] + self.distances(distances)
        hidden = F.gelu(self.hidden(self.drop(event)))
        return (
            self.roles(self.drop(F.gelu(mixed))),
            self.statuses(self.drop(hidden)),
            self.kinds(self.drop(hidden)),
            F.normalize(self.told(hidden), dim=-1),
        )

    def refers(self, words: Tensor) -> Tensor:
        """Scores that a word (row) means whom another word (column) names: [windows, words, WIDTH] to [windows, words, words]."""
        scores: Tensor = self.anaphor(words) @ self.antecedent(words).transpose(-1, -2)
        found: Tensor = scores * _REFERENCE_WIDTH**-0.5 + self.reference_bias
        return found


def load_base(encoder: Encoder, weights: Path) -> None:
    """Fill an encoder with the weights of all-MiniLM-L6-v2 (``model.safetensors``)."""
    base = load_file(weights)
    names = {
        "attention.self.query": "query",
        "attention.self.key": "key",
        "attention.self.value": "value",
        "attention.output.dense": "out",
        "attention.output.LayerNorm": "norm1",
        "intermediate.dense": "up",
        "output.dense": "down",
        "output.LayerNorm": "norm2",
    }
    state = {
        "pieces.weight": base["embeddings.word_embeddings.weight"],
        # Everything here is of the first type; its vector is folded into the places.
        "places.weight": base["embeddings.position_embeddings.weight"]
        + base["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": base["embeddings.LayerNorm.weight"],
        "norm.bias": base["embeddings.LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        for theirs, ours in names.items():
            for part in ("weight", "bias"):
                state[f"layers.{layer}.{ours}.{part}"] = base[f"encoder.layer.{layer}.{theirs}.{part}"]
    missing = encoder.load_state_dict(state, strict=False)
    assert not missing.unexpected_keys
