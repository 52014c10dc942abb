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

EPOCHS: Final = 14
_BATCH: Final = 128
_FASTEST: Final = 3e-3
_HELD_BACK: Final = 10
"""One example in so many is kept to see how well the others were learnt."""
_WEIGHTS: Final = (1.0, 1.0, 1.5)
"""To take something else for a tick or a cross is worse than to object to one."""


class Model(nn.Module):
    """Four convolutions and two full layers: 91,519 weights."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 12, 5, stride=2, padding=2), nn.ReLU(),
            nn.Conv2d(12, 20, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(20, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(),
            nn.Flatten(), nn.Dropout(0.25), nn.Linear(32 * 36, 64), nn.ReLU(), nn.Linear(64, 3),
        )  # fmt: skip

    def forward(self, portraits: Tensor) -> Tensor:
        """Scores (N×3) for tick, cross and other, from ink (N×1×48×48, 1 as dark as print)."""
        return self.layers(portraits)


def shown(portraits: Tensor) -> Tensor:
    """Portraits (N×48×48 uint8) as the model takes them."""
    return (portraits.float()[:, None] - PALEST) / STEPS


def varied(ink: Tensor) -> Tensor:
    """The same marks a little turned, moved, larger or smaller, softer and paler or darker."""
    count = len(ink)
    turn, size = 0.05 * torch.randn(count), 1 + 0.04 * torch.randn(count)
    onto = torch.zeros(count, 2, 3)
    onto[:, 0, 0] = onto[:, 1, 1] = size * torch.cos(turn)
    onto[:, 1, 0] = torch.sin(turn)
    onto[:, 0, 1] = -onto[:, 1, 0]
    onto[:, :, 2] = 0.03 * torch.randn(count, 2)
    grid = functional.affine_grid(onto, list(ink.shape), align_corners=False)
    moved = functional.grid_sample(ink, grid, align_corners=False, padding_mode="border")
    soft = functional.avg_pool2d(moved, 3, stride=1, padding=1)
    share = torch.rand(count, 1, 1, 1) ** 2
    return (moved + share * (soft - moved)) * (1 + 0.15 * torch.randn(count, 1, 1, 1))


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
