"""A large encoder, once it has learnt from the labels, says of each window what the small one is to say of it."""

from collections.abc import Iterator, Sequence

import torch

from training.batches import Example, Taught, batches
from training.encoder import Encoder, Heads
from training.losses import means, status_mask

_AT_ONCE = 32


def taught(encoder: Encoder, heads: Heads, items: Sequence[Example]) -> list[Example]:
    """The same windows in the same order, each with the teacher's probabilities."""
    encoder.eval()
    heads.eval()
    return [
        item._replace(taught=lesson)
        for start in range(0, len(items), _AT_ONCE)
        for item, lesson in _lessons(encoder, heads, items[start : start + _AT_ONCE])
    ]


@torch.no_grad()
def _lessons(encoder: Encoder, heads: Heads, items: Sequence[Example]) -> Iterator[tuple[Example, Taught]]:
    (batch,) = batches([item._replace(article=0) for item in items], len(items))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        words, _, triggers = encoder(batch.pieces, batch.shapes, batch.heads)
    words, triggers = words.float(), triggers.float().sigmoid()
    own = words[batch.rows]
    roles, statuses, kinds, _ = heads(own, means(own, batch.spans), batch.types, batch.distances)
    roles, statuses, kinds = roles.softmax(-1), (statuses + status_mask(batch.types)).softmax(-1), kinds.softmax(-1)
    at = 0
    for row, item in enumerate(items):
        length, count = len(item.window.heads), len(item.events)
        mine = slice(at, at + count)
        at += count
        yield item, Taught(triggers[row, :length].clone(), roles[mine, :length].clone(), statuses[mine], kinds[mine])
