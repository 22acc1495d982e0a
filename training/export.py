"""Weights into the form that the extractor runs: ONNX, the encoder's matrices in int8."""

import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from kb.extract.labels import Labels
from training.encoder import KINDS, NAME_LABELS, ROLES, STATUSES, TYPES, WIDTH, Encoder, Heads

OPSET = 18


class _OfEvents(nn.Module):
    def __init__(self, heads: Heads) -> None:
        super().__init__()
        self.heads = heads

    def forward(self, words: Tensor, weights: Tensor, types: Tensor, distances: Tensor) -> tuple[Tensor, ...]:
        return (*self.heads(words, weights @ words[0], types, distances), self.heads.refers(words)[0])


def export(encoder: Encoder, heads: Heads, folder: Path, *, int8: bool = True) -> None:
    """Write ``words.onnx`` and ``events.onnx``; inputs and outputs are those of ``kb.extract.encoder``."""
    encoder.eval()
    heads.eval()
    length, words, events = (torch.export.Dim(name, min=2, max=512) for name in ("length", "words", "events"))
    pieces = torch.ones(1, 12, dtype=torch.long)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "words.onnx"
        _write(
            encoder,
            (pieces, torch.ones(1, 12, dtype=torch.long), torch.arange(5)[None]),
            ("pieces", "shapes", "heads"),
            ("words", "names", "triggers"),
            ({1: length}, {1: length}, {1: words}),
            plain,
        )
        if int8:
            quantize_dynamic(plain, folder / "words.onnx", weight_type=QuantType.QInt8, per_channel=True)
        else:
            (folder / "words.onnx").write_bytes(plain.read_bytes())
    _write(
        _OfEvents(heads),
        (
            torch.zeros(1, 7, WIDTH),
            torch.zeros(3, 7),
            torch.zeros(3, dtype=torch.long),
            torch.zeros(3, 7, dtype=torch.long),
        ),
        ("words", "weights", "types", "distances"),
        ("roles", "statuses", "kinds", "told", "refers"),
        ({1: words}, {0: events, 1: words}, {0: events}, {0: events, 1: words}),
        folder / "events.onnx",
    )


def labels() -> Labels:
    """The order of the heads' outputs."""
    return Labels(
        types=TYPES,
        roles=ROLES,
        names=NAME_LABELS,
        statuses=tuple((name, status) for name, own in zip(TYPES, STATUSES, strict=True) for status in own),
        kinds=KINDS,
    )


def _write(
    module: nn.Module,
    example: tuple[Tensor, ...],
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    shapes: tuple[object, ...],
    path: Path,
) -> None:
    program = torch.onnx.export(
        module,
        example,
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_shapes=shapes,
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
    )
    assert program is not None
    onnx.save(program.model_proto, path)
