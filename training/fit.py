"""Training: all heads at once over windows of labelled articles."""

import random
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.batches import UNKNOWN, Batch, Example, batches
from training.encoder import STATUSES, Encoder, Heads


class Plan(NamedTuple):
    """How to train. ``quiet_share`` is the share of windows without any event that an epoch reads."""

    epochs: int = 8
    batch: int = 32
    encoder_rate: float = 1.5e-4
    head_rate: float = 1e-3
    quiet_share: float = 0.35
    warmup: float = 0.06
    dropout: float = 0.15
    memory: float = 0.995
    seed: int = 1


def fit(encoder: Encoder, heads: Heads, items: Sequence[Example], plan: Plan, told: Callable[[str], None]) -> None:
    """Train in place; ``told`` hears of each epoch."""
    chance = random.Random(plan.seed)  # noqa: S311  the order of reading, not a secret
    torch.manual_seed(plan.seed)
    loud = [item for item in items if item.events]
    quiet = [item for item in items if not item.events]
    steps = plan.epochs * (len(loud) + int(len(quiet) * plan.quiet_share)) // plan.batch + 1
    optimizer = _optimizer(encoder, heads, plan)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps, plan.warmup))
    averages = [_Average(module, plan.memory) for module in (encoder, heads)]
    encoder.train()
    heads.train()
    for epoch in range(plan.epochs):
        began = time.monotonic()
        sums = [0.0] * len(_PARTS)
        count = 0
        chosen = loud + chance.sample(quiet, int(len(quiet) * plan.quiet_share))
        for batch in batches(chosen, plan.batch, chance):
            parts = losses(encoder, heads, batch)
            optimizer.zero_grad()
            torch.autograd.backward([sum(parts, torch.zeros(()))])
            torch.nn.utils.clip_grad_norm_([*encoder.parameters(), *heads.parameters()], 1.0)
            optimizer.step()
            schedule.step()
            for average in averages:
                average.add()
            sums = [have + float(part.detach()) for have, part in zip(sums, parts, strict=True)]
            count += 1
        for average in averages:
            average.swap()
        shown = " ".join(f"{name} {value / count:.3f}" for name, value in zip(_PARTS, sums, strict=True))
        told(f"epoch {epoch + 1} of {plan.epochs}, {time.monotonic() - began:.0f} s: {shown}")
        if epoch + 1 < plan.epochs:
            for average in averages:
                average.swap()


class _Average:
    """The running mean of a module's weights, which generalises better than its last ones (Polyak averaging)."""

    def __init__(self, module: nn.Module, memory: float) -> None:
        self._module, self._memory, self._steps = module, memory, 0
        self._mean = [parameter.detach().clone() for parameter in module.parameters()]

    def add(self) -> None:
        """Take the present weights into the mean."""
        self._steps += 1
        memory = min(self._memory, self._steps / (self._steps + 10))
        for mean, parameter in zip(self._mean, self._module.parameters(), strict=True):
            mean.lerp_(parameter.detach(), 1 - memory)

    def swap(self) -> None:
        """Exchange the module's weights with the mean."""
        for mean, parameter in zip(self._mean, self._module.parameters(), strict=True):
            held = parameter.detach().clone()
            parameter.data.copy_(mean)
            mean.copy_(held)


_PARTS = ("triggers", "names", "roles", "statuses", "kinds", "told", "references")


def losses(encoder: Encoder, heads: Heads, batch: Batch) -> tuple[Tensor, ...]:
    """The weighted losses of all heads for a batch, in the order of _PARTS."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        words, names, triggers = encoder(batch.pieces, batch.shapes, batch.heads)
    words, names, triggers = words.float(), names.float(), triggers.float()
    counted = batch.triggers != UNKNOWN
    found = F.binary_cross_entropy_with_logits(triggers, batch.triggers.clamp(0, 1), reduction="none")[counted].sum()
    of_triggers = found / (batch.triggers == 1).sum().clamp(min=20)
    of_names = F.cross_entropy(names.flatten(0, 1), batch.names.flatten(), ignore_index=UNKNOWN, reduction="sum")
    of_names = 0.5 * of_names / (batch.names > 0).sum().clamp(min=20)
    if not len(batch.rows):
        zero = torch.zeros(())
        return of_triggers, of_names, zero, zero, zero, zero, zero
    own = words[batch.rows]
    roles, statuses, kinds, told = heads(own, means(own, batch.spans), batch.types, batch.distances)
    of_roles = F.cross_entropy(roles.flatten(0, 1), batch.roles.flatten(), ignore_index=UNKNOWN, reduction="sum")
    of_roles = of_roles / (batch.roles > 0).sum().clamp(min=20)
    of_statuses = F.cross_entropy(statuses + status_mask(batch.types), batch.statuses)
    known = (batch.kinds != UNKNOWN).any()
    of_kinds = F.cross_entropy(kinds, batch.kinds, ignore_index=UNKNOWN) if known else torch.zeros(())
    return (
        of_triggers,
        of_names,
        of_roles,
        0.5 * of_statuses,
        0.5 * of_kinds,
        0.5 * _likeness(told, batch),
        _references(heads, words, batch),
    )


def _references(heads: Heads, words: Tensor, batch: Batch) -> Tensor:
    linked = batch.references != UNKNOWN
    if not linked.any():
        return torch.zeros(())
    wrong = F.binary_cross_entropy_with_logits(heads.refers(words)[linked], batch.references[linked], reduction="sum")
    return wrong / (batch.references == 1).sum().clamp(min=10)


def means(words: Tensor, spans: Tensor) -> Tensor:
    """Mean word vector of each span: [events, words, WIDTH] and [events, 2] into [events, WIDTH]."""
    at = torch.arange(words.shape[1])[None, :]
    inside = ((at >= spans[:, :1]) & (at < spans[:, 1:])).float()
    return torch.einsum("ewd,ew->ed", words, inside / inside.sum(1, keepdim=True).clamp(min=1))


def status_mask(types: Tensor) -> Tensor:
    """-1e4 for the statuses of other types: [events] into [events, statuses]."""
    owner = torch.tensor([at for at, statuses in enumerate(STATUSES) for _ in statuses])
    return (owner[None, :] != types[:, None]).float() * -1e4


def _likeness(told: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy of "these two triggers of one article and type tell one fact", from the cosine of their vectors."""
    article = batch.facts // 1000
    pairs = (article[:, None] == article[None, :]) & (batch.types[:, None] == batch.types[None, :])
    pairs &= ~torch.eye(len(told), dtype=torch.bool)
    if not pairs.any():
        return torch.zeros(())
    same = (batch.facts[:, None] == batch.facts[None, :]).float()
    return F.binary_cross_entropy_with_logits((told @ told.T * 8 - 4)[pairs], same[pairs])


def _optimizer(encoder: Encoder, heads: Heads, plan: Plan) -> torch.optim.Optimizer:
    fresh = [
        *heads.parameters(),
        *encoder.names.parameters(),
        *encoder.triggers.parameters(),
        *encoder.shapes.parameters(),
    ]
    known = {id(parameter) for parameter in fresh}
    rest = [parameter for parameter in encoder.parameters() if id(parameter) not in known]
    groups = [{"params": rest, "lr": plan.encoder_rate}, {"params": fresh, "lr": plan.head_rate}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def _rate(step: int, steps: int, warmup: float) -> float:
    rising = step / max(1.0, steps * warmup)
    return min(rising, max(0.02, (steps - step) / (steps * (1 - warmup))))
