"""Training: all heads at once over windows of labelled articles."""

import random
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import nn

from training.batches import Example, batches
from training.encoder import Encoder, Heads
from training.losses import PARTS, losses


class Plan(NamedTuple):
    """How to train. ``quiet_share`` is the share of windows without any event that an epoch reads, ``taught`` the
    teacher's share in what a taught window's loss is counted against.
    """

    epochs: int = 8
    batch: int = 32
    encoder_rate: float = 1.5e-4
    head_rate: float = 1e-3
    quiet_share: float = 0.35
    warmup: float = 0.06
    dropout: float = 0.15
    memory: float = 0.995
    seed: int = 1
    taught: float = 0.6


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
        sums = [0.0] * len(PARTS)
        count = 0
        chosen = loud + chance.sample(quiet, int(len(quiet) * plan.quiet_share))
        for batch in batches(chosen, plan.batch, chance):
            parts = losses(encoder, heads, batch, plan.taught)
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
        shown = " ".join(f"{name} {value / count:.3f}" for name, value in zip(PARTS, sums, strict=True))
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


def _optimizer(encoder: Encoder, heads: Heads, plan: Plan) -> torch.optim.Optimizer:
    fresh = [
        *heads.parameters(),
        *encoder.names.parameters(),
        *encoder.triggers.parameters(),
        *encoder.shapes.parameters(),
    ]
    known = {id(parameter) for parameter in fresh}
    rest = [one for one in encoder.parameters() if id(one) not in known and one.requires_grad]
    groups = [{"params": rest, "lr": plan.encoder_rate}, {"params": fresh, "lr": plan.head_rate}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def _rate(step: int, steps: int, warmup: float) -> float:
    rising = step / max(1.0, steps * warmup)
    return min(rising, max(0.02, (steps - step) / (steps * (1 - warmup))))
