"""How badly a page is treated, as data: what each kind of scanner does, in ranges that a scan draws from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Range: TypeAlias = tuple[float, float]
LevelName: TypeAlias = Literal["clean", "worn", "rough", "phone"]
Mode: TypeAlias = Literal["grey", "colour", "one-bit"]


@dataclass(frozen=True)
class Level:
    """Ranges are (least, most), shades 0 black to 255 white; `chances` are of what may befall a page."""

    skew_deg: float
    print_scale: Range
    stretch: float
    """Most that the feed stretches the page, either way: 0.02 is 2 %."""
    weave_mm: float
    blur_mm: Range
    noise: Range
    """Standard deviation in shades."""
    white: Range
    black: Range
    gamma: Range
    """Over 1 darkens, as an exposure too short does."""
    tint: float
    """Most shades by which the paper's colour leaves grey."""
    jpeg: Range
    modes: dict[Mode, float]
    """How often each mode is chosen."""
    lid: tuple[int, ...]
    """Shades of what lies behind the paper, one of them at random."""
    show_through: Range = (0.02, 0.05)
    chances: dict[str, float] = field(default_factory=dict)


LEVELS: dict[LevelName, Level] = {
    "clean": Level(
        skew_deg=1.0, print_scale=(0.995, 1.0), stretch=0.002, weave_mm=0.05, blur_mm=(0.04, 0.08),
        noise=(0.8, 2.5), white=(243, 255), black=(8, 40), gamma=(0.95, 1.1), tint=4, jpeg=(75, 90),
        lid=(255, 250, 240), modes={"grey": 6, "colour": 4}, chances={"dust": 0.3, "pale": 0.2},
    ),
    "worn": Level(
        skew_deg=3.0, print_scale=(0.94, 1.03), stretch=0.02, weave_mm=0.2, blur_mm=(0.07, 0.13),
        noise=(2, 6), white=(208, 255), black=(10, 90), gamma=(0.8, 1.5), tint=9, jpeg=(50, 70), lid=(255, 240, 225),
        modes={"grey": 6, "colour": 3, "one-bit": 1}, show_through=(0.03, 0.08),
        chances={"dust": 0.8, "pale": 0.3, "streak": 0.45, "fold": 0.25, "smudge": 0.3, "show-through": 0.3},
    ),
    "rough": Level(
        skew_deg=10.0, print_scale=(0.94, 1.03), stretch=0.02, weave_mm=0.4, blur_mm=(0.06, 0.16),
        noise=(2, 9), white=(195, 255), black=(10, 95), gamma=(0.75, 1.6), tint=12, jpeg=(40, 70),
        lid=(255, 225, 60, 8), modes={"grey": 4, "colour": 3, "one-bit": 4}, show_through=(0.05, 0.14),
        chances={
            "dust": 0.9, "pale": 0.3, "streak": 0.5, "fold": 0.5, "smudge": 0.5, "show-through": 0.5, "stain": 0.45,
            "coffee ring": 0.25, "crumple": 0.35, "crease": 0.4, "torn corner": 0.3, "black edge": 0.3,
        },
    ),
    "phone": Level(
        skew_deg=9.0, print_scale=(0.97, 1.0), stretch=0.0, weave_mm=0.0, blur_mm=(0.07, 0.2),
        noise=(2, 7), white=(205, 250), black=(15, 70), gamma=(0.85, 1.3), tint=22, jpeg=(70, 92), lid=(0,),
        modes={"colour": 9, "grey": 1}, show_through=(0.02, 0.06),
        chances={"pale": 0.1, "fold": 0.5, "crumple": 0.2, "smudge": 0.2, "stain": 0.1, "crease": 0.2, "shadow": 0.6},
    ),
}  # fmt: skip
