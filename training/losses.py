"""What the heads' answers to a batch cost, against its labels and against what a teacher says of it."""

import torch
from torch import Tensor
from torch.nn import functional as F

from training.batches import UNKNOWN, Batch
from training.encoder import STATUSES, Encoder, Heads

PARTS = ("triggers", "names", "roles", "statuses", "kinds", "told", "references")


def losses(encoder: Encoder, heads: Heads, batch: Batch, share: float) -> tuple[Tensor, ...]:
    """The weighted losses of all heads for a batch, in the order of PARTS.

    Where the batch was taught, ``share`` of the loss is the cross-entropy to the teacher's probabilities, the rest that to
    the labels (Hinton et al. 2015, at temperature 1); where nobody labelled, all of it is the teacher's.
    """
    with torch.autocast("cpu", dtype=torch.bfloat16):
        words, names, triggers = encoder(batch.pieces, batch.shapes, batch.heads)
    words, names, triggers = words.float(), names.float(), triggers.float()
    targets, counted = _mixed(batch.triggers, batch.taught_triggers, share)
    found = F.binary_cross_entropy_with_logits(triggers, targets, reduction="none")[counted].sum()
    of_triggers = found / targets[counted].sum().clamp(min=20)
    of_names = F.cross_entropy(names.flatten(0, 1), batch.names.flatten(), ignore_index=UNKNOWN, reduction="sum")
    of_names = 0.5 * of_names / (batch.names > 0).sum().clamp(min=20)
    if not len(batch.rows):
        zero = torch.zeros(())
        return of_triggers, of_names, zero, zero, zero, zero, zero
    own = words[batch.rows]
    roles, statuses, kinds, told = heads(own, means(own, batch.spans), batch.types, batch.distances)
    statuses = statuses + status_mask(batch.types)
    of_roles = _crossed(roles, batch.roles, batch.taught_roles, share) / (batch.roles > 0).sum().clamp(min=20)
    count = len(batch.rows)
    return (
        of_triggers,
        of_names,
        of_roles,
        0.5 * _crossed(statuses, batch.statuses, batch.taught_statuses, share) / count,
        0.5 * _crossed(kinds, batch.kinds, batch.taught_kinds, share) / (batch.kinds != UNKNOWN).sum().clamp(min=1),
        0.5 * _likeness(told, batch),
        _references(heads, words, batch),
    )


def means(words: Tensor, spans: Tensor) -> Tensor:
    """Mean word vector of each span: [events, words, width] and [events, 2] into [events, width]."""
    at = torch.arange(words.shape[1])[None, :]
    inside = ((at >= spans[:, :1]) & (at < spans[:, 1:])).float()
    return torch.einsum("ewd,ew->ed", words, inside / inside.sum(1, keepdim=True).clamp(min=1))


def status_mask(types: Tensor) -> Tensor:
    """-1e4 for the statuses of other types: [events] into [events, statuses]."""
    owner = torch.tensor([at for at, statuses in enumerate(STATUSES) for _ in statuses])
    return (owner[None, :] != types[:, None]).float() * -1e4


def _mixed(labels: Tensor, taught: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """Targets of labels and teacher together, and where there are any."""
    labelled, heard = labels != UNKNOWN, taught != UNKNOWN
    weight = torch.where(labelled, torch.where(heard, share, 0.0), 1.0)
    targets = labels.clamp(0, 1) * (1 - weight) + taught.clamp(0, 1) * weight
    return targets, labelled | heard


def _crossed(scores: Tensor, labels: Tensor, taught: Tensor, share: float) -> Tensor:
    """Summed cross-entropy of [..., classes] to labels [...] and to a teacher's probabilities (rows of 0: it was not asked)."""
    by_label = F.cross_entropy(scores.flatten(0, -2), labels.flatten(), ignore_index=UNKNOWN, reduction="none")
    by_teacher = -(taught * scores.log_softmax(-1)).sum(-1).flatten()
    heard = taught.sum(-1).flatten() > 0
    known = heard & (labels.flatten() != UNKNOWN)
    return torch.where(known, (1 - share) * by_label + share * by_teacher, by_label + by_teacher).sum()


def _references(heads: Heads, words: Tensor, batch: Batch) -> Tensor:
    linked = batch.references != UNKNOWN
    if not linked.any():
        return torch.zeros(())
    wrong = F.binary_cross_entropy_with_logits(heads.refers(words)[linked], batch.references[linked], reduction="sum")
    return wrong / (batch.references == 1).sum().clamp(min=10)


def _likeness(told: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy of "these two triggers of one article and type tell one fact", from the cosine of their vectors."""
    article = batch.facts // 1000
    pairs = (article[:, None] == article[None, :]) & (batch.types[:, None] == batch.types[None, :])
    pairs &= ~torch.eye(len(told), dtype=torch.bool)
    if not pairs.any():
        return torch.zeros(())
    same = (batch.facts[:, None] == batch.facts[None, :]).float()
    return F.binary_cross_entropy_with_logits((told @ told.T * 8 - 4)[pairs], same[pairs])
