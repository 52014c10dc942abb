"""Learns what plain ticks and crosses look like, for the model that may object: `python -m training.train FILES`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from consentdesk import paths
from consentdesk.scanning.veto import PALEST, PORTRAIT, STEPS
from training.make_examples import OTHER

EPOCHS: Final = 12
_BATCH: Final = 128
_FASTEST: Final = 2e-3
_HELD_BACK: Final = 10
"""One example in so many is kept to see how well the others were learnt."""
_WEIGHTS: Final = (1.0, 1.0, 2.0)
"""To take something else for a tick or a cross is worse than to object to one."""


class Model(nn.Module):
    """Four convolutions and two full layers: 139,787 weights."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 12, 5, stride=2, padding=2), nn.ReLU(),
            nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(24, 40, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(40, 48, 3, padding=1), nn.ReLU(),
            nn.Flatten(), nn.Dropout(0.25), nn.Linear(48 * 36, 64), nn.ReLU(), nn.Linear(64, 3),
        )  # fmt: skip

    def forward(self, portraits: Tensor) -> Tensor:
        """Scores (N×3) for tick, cross and other, from ink (N×1×48×48, 1 as dark as print)."""
        return self.layers(portraits)


def shown(portraits: Tensor) -> Tensor:
    """Portraits (N×48×48 uint8) as the model takes them."""
    return (portraits.float()[:, None] - PALEST) / STEPS


def varied(ink: Tensor) -> Tensor:
    """The same marks as other hands, boxes and scanners would have them, so that no single one is learnt by heart.

    Turned, stretched, moved and bent a little; softer or sharper, paler or darker, with more grain; the outline of the
    box thicker, and the paper round it shaded.
    """
    count = len(ink)

    def some(*shape: int) -> Tensor:
        return torch.randn(count, *shape)

    turn, size, stretch = 0.07 * some(), 1 + 0.06 * some(), 1 + 0.06 * some()
    onto = torch.zeros(count, 2, 3)
    onto[:, 0, 0] = size * stretch * torch.cos(turn)
    onto[:, 0, 1], onto[:, 1, 0] = -size * torch.sin(turn) + 0.06 * some(), size * torch.sin(turn)
    onto[:, 1, 1] = size / stretch * torch.cos(turn)
    onto[:, :, 2] = 0.03 * some(2)
    grid = functional.affine_grid(onto, list(ink.shape), align_corners=False)
    bend = functional.interpolate(0.022 * some(2, 6, 6), size=ink.shape[2:], mode="bicubic")
    moved = functional.grid_sample(
        ink, grid + bend.permute(0, 2, 3, 1), align_corners=False, padding_mode="border"
    )
    soft = functional.avg_pool2d(moved, 3, stride=1, padding=1)
    share = 1.4 * torch.rand(count, 1, 1, 1) ** 2 - 0.4
    seen = (moved + share * (soft - moved)) * (1 + 0.2 * some(1, 1, 1))
    shade = functional.interpolate(0.04 * some(1, 4, 4), size=ink.shape[2:], mode="bilinear")
    grain = 0.06 * torch.rand(count, 1, 1, 1) ** 2 * some(*ink.shape[1:])
    return torch.maximum(seen + shade * torch.rand(count, 1, 1, 1), _outlines(count)) + grain


def _outlines(count: int) -> Tensor:
    """Box outlines, of half of them none: anywhere near the middle half, of any thickness and darkness."""
    along = torch.arange(PORTRAIT) + 0.5 - PORTRAIT / 2
    middle, half = torch.randn(count, 2, 1), PORTRAIT / 4 + 0.7 * torch.randn(count, 1, 1)
    away = (along - middle).abs() - half
    outside = torch.maximum(away[:, 1][:, :, None], away[:, 0][:, None, :])
    thick = 0.3 + 1.2 * torch.rand(count, 1, 1)
    dark = (0.4 + 0.7 * torch.rand(count, 1, 1)) * torch.randint(2, (count, 1, 1))
    return (dark * (1 - (outside.abs() - thick).clamp(0, 1)))[:, None]


def train(portraits: Tensor, kinds: Tensor) -> Model:
    """A model that has learnt from examples; what it makes of those held back is printed after each epoch."""
    torch.manual_seed(0)
    order = torch.randperm(len(kinds))
    held, taught = order[: len(order) // _HELD_BACK], order[len(order) // _HELD_BACK :]
    model = Model()
    steps = len(taught) // _BATCH
    optimiser = torch.optim.AdamW(model.parameters(), _FASTEST, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _FASTEST, total_steps=EPOCHS * steps)
    for epoch in range(EPOCHS):
        model.train()
        for some in taught[torch.randperm(len(taught))][: steps * _BATCH].split(_BATCH):
            loss = functional.cross_entropy(
                model(varied(shown(portraits[some]))),
                kinds[some],
                weight=torch.tensor(_WEIGHTS),
                label_smoothing=0.01,
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        print(epoch + 1, examined(model, portraits[held], kinds[held]), flush=True)
    return model


def examined(model: Model, portraits: Tensor, kinds: Tensor) -> str:
    """How many plain ticks and crosses a model lets pass at several thresholds, and how many others."""
    model.eval()
    with torch.no_grad():
        scores = torch.cat([model(shown(some)) for some in portraits.split(512)])
    trust = 1 - torch.softmax(scores, 1)[:, OTHER]
    plain = kinds != OTHER
    passing = ((least, trust > least) for least in (0.5, 0.7, 0.9))
    return "  ".join(
        f"{least}: {some[plain].float().mean():.4f} pass, {some[~plain].float().mean():.4f} wrongly"
        for least, some in passing
    )


def main() -> None:
    """Train on all examples of the files named, and write the model where the program looks for it."""
    files = [np.load(Path(name)) for name in sys.argv[1:]]
    portraits = torch.from_numpy(np.concatenate([file["portraits"] for file in files]))
    kinds = torch.from_numpy(np.concatenate([file["kinds"] for file in files]).astype(np.int64))
    print(f"{len(kinds)} examples")
    model = train(portraits, kinds).eval()
    torch.onnx.export(
        model,
        (torch.zeros(1, 1, PORTRAIT, PORTRAIT),),
        str(paths.shipped("resources", "veto.onnx")),
        dynamo=False,
        input_names=["ink"],
        output_names=["scores"],
        dynamic_axes={"ink": {0: "boxes"}, "scores": {0: "boxes"}},
    )


if __name__ == "__main__":
    main()
