"""The encoder and its heads, in PyTorch: a small one that ships, and a large one that teaches it.

Encoder: BERT's architecture (Devlin et al. 2019) over windows of word pieces, and an embedding of how each word is written
added to its input. The one that ships starts from all-MiniLM-L6-v2 (6 layers of 384, Apache-2.0), its teacher from
all-mpnet-base-v2 (12 layers of 768, Apache-2.0; Song et al. 2020), which has a bias by relative position besides.
Heads: names and triggers of every word; for a trigger its role words, its status and kind; for two triggers whether they
tell one fact; for a pronoun or noun the name it stands for.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from kb.extract.encoder import DATE, PLACE
from kb.extract.windows import DISTANCES
from kb.extract.wordpiece import CLS, PADDING, SEP, SHAPES, UNKNOWN
from kb.ontology import fact_types
from training.articles import NAMES


class Size(NamedTuple):
    """How large an encoder is; ``relative`` is the number of buckets of its bias by relative position, 0 for none."""

    width: int
    layers: int
    attention: int
    inner: int
    epsilon: float
    relative: int = 0


SMALL = Size(384, 6, 12, 1536, 1e-12)
LARGE = Size(768, 12, 12, 3072, 1e-5, relative=32)
TYPES = tuple(fact_types())
STATUSES = tuple(fact_type.statuses for fact_type in fact_types().values())
KINDS = tuple(kind for fact_type in fact_types().values() for kind in fact_type.kinds)
ROLES = ("none", PLACE, DATE, *dict.fromkeys(role.name for own in fact_types().values() for role in own.roles))
NAME_LABELS = ("O", *(f"{part}-{name}" for name in NAMES for part in "BI"))
_VOCABULARY, _POSITIONS = 30522, 512
_ROLE_WIDTH, _EVENT_WIDTH, _REFERENCE_WIDTH = 192, 96, 128
# The distance from which MPNet no longer tells positions apart.
_FARTHEST = 128


class Layer(nn.Module):
    """One transformer layer, normalised after each half."""

    def __init__(self, size: Size, dropout: float) -> None:
        super().__init__()
        width = size.width
        self.attention = size.attention
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out, self.up, self.down = (
            nn.Linear(width, width),
            nn.Linear(width, size.inner),
            nn.Linear(size.inner, width),
        )
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=size.epsilon), nn.LayerNorm(width, eps=size.epsilon)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """[batch, pieces, width] to the same; ``mask`` is added to the attention scores."""
        batch, length, width = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(batch, length, self.attention, width // self.attention).transpose(1, 2)

        seen = F.scaled_dot_product_attention(split(self.query(x)), split(self.key(x)), split(self.value(x)), mask)
        x = self.norm1(x + self.drop(self.out(seen.transpose(1, 2).reshape(batch, length, width))))
        after: Tensor = self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))
        return after


class Encoder(nn.Module):
    """Windows of pieces into word vectors, with the scores of the heads that look at each word alone."""

    def __init__(self, size: Size = SMALL, dropout: float = 0.1) -> None:
        super().__init__()
        self.size = size
        self.frozen = 0
        self.pieces, self.places = nn.Embedding(_VOCABULARY, size.width), nn.Embedding(_POSITIONS, size.width)
        self.shapes = nn.Embedding(SHAPES, size.width)
        self.relative = nn.Embedding(size.relative, size.attention) if size.relative else None
        self.norm = nn.LayerNorm(size.width, eps=size.epsilon)
        self.layers = nn.ModuleList(Layer(size, dropout) for _ in range(size.layers))
        self.drop = nn.Dropout(dropout)
        self.names = nn.Linear(size.width, len(NAME_LABELS))
        self.triggers = nn.Linear(size.width, len(TYPES))
        nn.init.normal_(self.shapes.weight, std=0.01)

    def forward(self, pieces: Tensor, shapes: Tensor, heads: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """[batch, pieces] twice and [batch, words] into word vectors, name scores and trigger scores by word.

        Piece 0 is padding and attended to by nobody.
        """
        mask = torch.zeros(pieces.shape, dtype=torch.float32, device=pieces.device)
        mask = mask.masked_fill(pieces == 0, -1e4)[:, None, None, :]
        if self.relative is not None:
            mask = mask + self.relative(_buckets(pieces.shape[1], self.size.relative)).permute(2, 0, 1)[None]
        x = self.norm(self.pieces(pieces) + self.places.weight[: pieces.shape[1]] + self.shapes(shapes))
        x = x if self.frozen else self.drop(x)
        for layer in self.layers:
            x = layer(x, mask.to(x.dtype))
        words = torch.gather(x, 1, heads[:, :, None].expand(-1, -1, self.size.width))
        return words, self.names(self.drop(words)), self.triggers(self.drop(words))

    def freeze(self, layers: int) -> None:
        """Keep the embeddings and the lowest layers as they are, which halves the cost of a step."""
        self.frozen = layers
        for module in (self.pieces, self.places, self.shapes, self.norm, *self.layers[:layers]):
            module.requires_grad_(False)
        for layer in self.layers[:layers]:
            layer.drop.p = 0.0


def _buckets(length: int, count: int) -> Tensor:
    """[length, length]: the bucket of the way from one position to another, as in T5 and MPNet (Raffel et al. 2020)."""
    at = torch.arange(length)
    way = at[:, None] - at[None, :]
    half, near = count // 2, count // 4
    far = near + (way.abs().clamp(min=1).float() / near).log() / math.log(_FARTHEST / near) * (half - near)
    step = torch.where(way.abs() < near, way.abs(), far.long().clamp(max=half - 1))
    return step + (way < 0) * half


class Heads(nn.Module):
    """What is asked about a trigger: ``event`` is the mean vector of its words."""

    def __init__(self, size: Size = SMALL, dropout: float = 0.1) -> None:
        super().__init__()
        width = size.width
        self.types = nn.Embedding(len(TYPES), width)
        self.word, self.event = nn.Linear(width, _ROLE_WIDTH), nn.Linear(width, _ROLE_WIDTH)
        self.distances = nn.Embedding(DISTANCES, _ROLE_WIDTH)
        self.roles = nn.Linear(_ROLE_WIDTH, len(ROLES))
        self.hidden = nn.Linear(width, width)
        self.statuses, self.kinds = nn.Linear(width, sum(map(len, STATUSES))), nn.Linear(width, len(KINDS))
        self.told = nn.Linear(width, _EVENT_WIDTH)
        self.anaphor, self.antecedent = nn.Linear(width, _REFERENCE_WIDTH), nn.Linear(width, _REFERENCE_WIDTH)
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
        return scores * _REFERENCE_WIDTH**-0.5 + self.reference_bias


def load_small(encoder: Encoder, weights: Path) -> None:
    """Fill an encoder of size SMALL with the weights of all-MiniLM-L6-v2 (``model.safetensors``)."""
    base = load_file(weights)
    # Everything here is of the first type; its vector is folded into the places.
    places = base["embeddings.position_embeddings.weight"] + base["embeddings.token_type_embeddings.weight"][0]
    _load(encoder, base, base["embeddings.word_embeddings.weight"], places, _BERT)


def load_large(encoder: Encoder, weights: Path) -> None:
    """Fill an encoder of size LARGE with the weights of all-mpnet-base-v2 (``model.safetensors``).

    Its vocabulary is BERT's behind four signs of its own: <s>, <pad>, </s>, <unk>; its places begin behind the padding's.
    """
    base = load_file(weights)
    pieces = base["embeddings.word_embeddings.weight"]
    own = pieces[4 : 4 + _VOCABULARY].clone()
    own[[CLS, PADDING, SEP, UNKNOWN]] = pieces[:4]
    _load(encoder, base, own, base["embeddings.position_embeddings.weight"][2:], _MPNET)
    assert encoder.relative is not None
    encoder.relative.weight.data.copy_(base["encoder.relative_attention_bias.weight"])
    # The attention is several times faster where its mask is not learned.
    encoder.relative.weight.requires_grad_(False)


_HALVES = {
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "norm2",
}
_BERT = {
    **_HALVES,
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "out",
    "attention.output.LayerNorm": "norm1",
}
_MPNET = {
    **_HALVES,
    "attention.attn.q": "query",
    "attention.attn.k": "key",
    "attention.attn.v": "value",
    "attention.attn.o": "out",
    "attention.LayerNorm": "norm1",
}


def _load(
    encoder: Encoder, base: Mapping[str, Tensor], pieces: Tensor, places: Tensor, names: Mapping[str, str]
) -> None:
    state = {
        "pieces.weight": pieces,
        "places.weight": places,
        "norm.weight": base["embeddings.LayerNorm.weight"],
        "norm.bias": base["embeddings.LayerNorm.bias"],
    }
    for layer in range(encoder.size.layers):
        for theirs, ours in names.items():
            for part in ("weight", "bias"):
                state[f"layers.{layer}.{ours}.{part}"] = base[f"encoder.layer.{layer}.{theirs}.{part}"]
    assert not encoder.load_state_dict(state, strict=False).unexpected_keys
