"""The bad scanner: its size, turn and damage are as asked, and the same seed gives the same bytes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from consentdesk.scanning.rehearsal.levels import LEVELS, LevelName, Mode
from consentdesk.scanning.rehearsal.paper import BLOTS, blot, show_through, tear_corner
from consentdesk.scanning.rehearsal.scanner import Scan, Setting, resampled, scan
from consentdesk.scanning.rehearsal.warp import Crease, Feed, coarse, remap

DPI = 60
MODES: list[Mode] = ["grey", "colour", "one-bit"]


def landscape() -> np.ndarray:
    """A small A4 page with print on it: lines, and one solid block near its top left corner."""
    page = np.full((702, 496, 3), 255, np.uint8)
    for y in range(150, 640, 24):
        page[y : y + 4, 60:430] = 30
    page[40:100, 40:100] = 0
    return page


def block_corner(image: np.ndarray) -> tuple[str, str]:
    """In which corner of the picture the solid block lies."""
    grey = image if image.ndim == 2 else image.min(axis=2)
    height, width = grey.shape
    soft = cv2.boxFilter(grey, -1, (31, 31), borderType=cv2.BORDER_REPLICATE)
    inner = soft[30 : height - 30, 30 : width - 30]
    y, x = np.unravel_index(int(inner.argmin()), inner.shape)
    return "top" if y < inner.shape[0] / 2 else "bottom", "left" if x < inner.shape[1] / 2 else "right"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("mode", MODES)
def test_the_same_seed_gives_the_same_bytes(level: LevelName, mode: Mode) -> None:
    def once(seed: int) -> Scan:
        return scan(landscape(), DPI, level, np.random.default_rng(seed), Setting(mode=mode), back=landscape)

    first, second, other = once(3), once(3), once(4)
    assert first.image.tobytes() == second.image.tobytes()
    assert (first.jpeg, first.damage) == (second.jpeg, second.damage)
    assert first.image.tobytes() != other.image.tobytes()


@pytest.mark.parametrize("mode", MODES)
def test_the_mode_decides_the_raster(mode: Mode) -> None:
    scanned = scan(landscape(), DPI, "worn", np.random.default_rng(0), Setting(mode=mode))
    assert (scanned.image.ndim == 3) == (mode == "colour")
    assert scanned.one_bit == (mode == "one-bit")
    assert (scanned.jpeg is None) == scanned.one_bit
    if scanned.one_bit:
        assert scanned.faded
        assert set(np.unique(scanned.image)) <= {0, 255}


def test_the_stream_of_a_scan_is_what_its_image_was_decoded_from() -> None:
    scanned = scan(landscape(), DPI, "clean", np.random.default_rng(0), Setting(mode="grey"))
    assert scanned.jpeg is not None
    decoded = cv2.imdecode(np.frombuffer(scanned.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert np.array_equal(decoded, scanned.image)


@pytest.mark.parametrize("level", ["clean", "worn", "phone"])
@pytest.mark.parametrize(
    ("turn", "corner"),
    [(0, ("top", "left")), (1, ("top", "right")), (2, ("bottom", "right")), (3, ("bottom", "left"))],
)
def test_turns_go_clockwise_and_nothing_is_mirrored(
    level: LevelName, turn: int, corner: tuple[str, str]
) -> None:
    page = landscape()
    page[40:100, 40:130] = 0  # wider than tall, so that a mirrored turn would show
    scanned = scan(page, DPI, level, np.random.default_rng(1), Setting(turn=turn, mode="grey"))
    margin = 0 if level != "phone" else round(0.1 * min(scanned.image.shape))
    inner = scanned.image[margin : scanned.image.shape[0] - margin, margin : scanned.image.shape[1] - margin]
    assert block_corner(inner) == corner
    assert (scanned.image.shape[1] > scanned.image.shape[0]) == bool(turn % 2)


@pytest.mark.parametrize("dpi", [30, 60, 120])
def test_the_resolution_is_the_one_asked_for(dpi: int) -> None:
    scanned = scan(landscape(), DPI, "clean", np.random.default_rng(1), Setting(dpi=dpi))
    assert scanned.dpi == dpi
    assert scanned.image.shape[0] == pytest.approx(702 * dpi / DPI, abs=2)
    assert resampled(landscape(), 0.5).shape == (351, 248, 3)


def test_phones_do_not_know_their_resolution() -> None:
    assert scan(landscape(), DPI, "phone", np.random.default_rng(1)).dpi == 72


def test_levels_get_worse() -> None:
    """Mean difference from the page as printed, over several scans."""

    def harm(level: LevelName) -> float:
        page = landscape().min(axis=2)
        found = []
        for seed in range(6):
            seen = scan(page, DPI, level, np.random.default_rng(seed), Setting(mode="grey")).image
            fitted = cv2.resize(seen, page.shape[::-1])
            found.append(float(np.abs(fitted.astype(float) - page).mean()))
        return float(np.mean(found))

    assert harm("clean") < harm("worn") < harm("rough")


def test_each_blot_darkens_and_none_lightens() -> None:
    for kind in BLOTS:
        for seed in range(5):
            blotted = blot(landscape(), DPI, [kind], np.random.default_rng(seed))
            assert (blotted <= landscape()).all()
        assert (blotted < landscape()).any()


def test_a_torn_corner_shows_the_lid_in_a_corner_only() -> None:
    page = np.full((702, 496), 255, np.uint8)
    for seed in range(8):
        torn = tear_corner(page, DPI, 8, np.random.default_rng(seed))
        corners = [torn[0, 0], torn[0, -1], torn[-1, 0], torn[-1, -1]]
        assert sum(int(shade) == 8 for shade in corners) == 1
        assert (torn[100:-100, 100:-100] == 255).all()


def test_the_back_shines_through_mirrored() -> None:
    page = np.full((702, 496), 255, np.uint8)
    seen = show_through(page, landscape(), 0.1)
    assert seen[60:80, -80:-60].mean() == pytest.approx(255 * 0.9, abs=3)
    assert seen[60:80, 60:80].mean() == 255


def test_a_sheet_that_lies_straight_comes_back_pixel_for_pixel() -> None:
    page = landscape()
    size = (496 / DPI * 25.4, 702 / DPI * 25.4)
    feed = Feed(size, size)
    seen = remap(page, coarse((496, 702), DPI / 25.4, feed.to_paper), DPI / 25.4, np.zeros_like(page))
    assert np.abs(seen[1:-1, 1:-1].astype(int) - page[1:-1, 1:-1]).max() <= 2


def test_a_crease_shifts_by_as_much_as_it_says() -> None:
    crease = Crease((100.0, 100.0), (1.0, 0.0), 1.5, 40.0)
    points = np.array([[100.0, y] for y in np.linspace(0, 200, 400)])
    shift = crease.moved(points) - points
    assert np.ptp(shift[:, 0]) == pytest.approx(1.5, rel=0.1)
    assert np.abs(shift[:, 1]).max() == 0
