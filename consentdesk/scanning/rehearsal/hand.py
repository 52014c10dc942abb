"""One person's way of writing: the pen they hold, how hard they press, how their marks lean and shake."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from consentdesk.scanning.rehearsal.dice import between, chance, pick


def luma(bgr: tuple[int, int, int]) -> float:
    """The shade, 0 to 255, of a colour on a grey scan (BT.601)."""
    blue, green, red = bgr
    return 0.114 * blue + 0.587 * green + 0.299 * red


@dataclass(frozen=True)
class Ink:
    """A writing material. `bgr` is paper fully covered with it; ranges are (least, most)."""

    name: str
    bgr: tuple[int, int, int]
    width_mm: tuple[float, float]
    flow: tuple[float, float]
    """Share of full cover that an ordinary stroke reaches."""
    grain: float
    """0 covers evenly; 1 lets the paper's tooth break the stroke up completely."""
    weight: float
    """How often parents use it, relative to the others."""

    @property
    def darkness(self) -> float:
        """Full cover as a grey scan sees it: 0 paper, 1 printed black."""
        return 1 - luma(self.bgr) / 255


INKS = {
    ink.name: ink
    for ink in (
        Ink("black ballpoint", (34, 30, 32), (0.28, 0.5), (0.85, 1.0), 0.12, 5),
        Ink("blue ballpoint", (148, 52, 34), (0.28, 0.5), (0.85, 1.0), 0.12, 6),
        Ink("red ballpoint", (48, 34, 196), (0.28, 0.5), (0.85, 1.0), 0.12, 1),
        Ink("green ballpoint", (68, 118, 26), (0.3, 0.5), (0.85, 1.0), 0.12, 0.7),
        Ink("fine liner", (28, 24, 24), (0.25, 0.35), (0.9, 1.0), 0.05, 1),
        Ink("black felt tip", (26, 22, 24), (0.7, 1.2), (0.9, 1.0), 0.06, 1),
        Ink("blue felt tip", (138, 46, 22), (0.7, 1.2), (0.88, 1.0), 0.06, 1),
        Ink("pencil", (84, 80, 80), (0.35, 0.7), (0.78, 0.95), 0.3, 1.5),
        Ink("hard pencil", (96, 92, 92), (0.3, 0.5), (0.68, 0.85), 0.35, 0.6),
        Ink("faint pencil", (96, 92, 92), (0.3, 0.55), (0.4, 0.55), 0.35, 0.4),
    )
}


@dataclass(frozen=True)
class Hand:
    """A pen in one person's hand; everything they put on a slip is drawn with the same one.

    `slant` is a shear (0.3 leans right as italics do), `turn` the usual lean of marks in radians, `size`
    multiplies the size of marks, `tremor_mm` is the shake's amplitude, `looseness` how far strokes bow and
    miss (0 for a draughtsman, 1 in a hurry), `joined` the share of letters joined to the next. `seed` fixes
    habits: the shape of ticks, letters and signature.
    """

    ink: Ink
    width_mm: float
    flow: float
    tremor_mm: float
    slant: float
    turn: float
    size: float
    looseness: float
    joined: float
    seed: int

    @property
    def strength(self) -> float:
        """How dark an ordinary stroke is, as a share of printed black on a grey scan."""
        return self.flow * self.ink.darkness * (1 - self.ink.grain / 2)

    def habit(self, name: str) -> np.random.Generator:
        """The same random numbers each time for this person and this habit, whatever was drawn before."""
        return np.random.default_rng([self.seed, crc32(name.encode())])


def draw_hand(rng: np.random.Generator, ink: Ink | None = None) -> Hand:
    """A person at random, with `ink` or with one of `INKS` as often as parents use it."""
    if ink is None:
        ink = pick(rng, tuple(INKS.values()), [choice.weight for choice in INKS.values()])
    return Hand(
        ink=ink,
        width_mm=between(rng, ink.width_mm),
        flow=between(rng, ink.flow),
        tremor_mm=float(min(0.14, rng.gamma(1.6, 0.012))),
        slant=float(np.clip(rng.normal(0.12, 0.17), -0.35, 0.5)),
        turn=float(np.clip(rng.normal(0, 0.09), -0.25, 0.25)),
        size=float(np.clip(rng.normal(0.95, 0.16), 0.6, 1.4)),
        looseness=float(rng.beta(2, 2.5)),
        joined=float(rng.uniform(0.3, 1.0)) if chance(rng, 0.5) else 0.0,
        seed=int(rng.integers(2**32)),
    )


def pressed(hand: Hand, strength: float) -> Hand:
    """The same hand pressing until strokes are `strength` of printed black, as near as the ink can get."""
    return replace(hand, flow=min(1.0, hand.flow * strength / hand.strength))
