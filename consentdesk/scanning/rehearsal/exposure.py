"""From light to pixels: focus, exposure, dirt on the glass, noise, and black and white or JPEG at the end."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import cv2
import numpy as np
from PIL import Image

from consentdesk.scanning.rehearsal.dice import between, chance, pick
from consentdesk.scanning.rehearsal.levels import Level
from consentdesk.scanning.rehearsal.pen import MM_PER_INCH, Raster, as_grey, has_colour

_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])


def exposed(
    image: Raster, dpi: float, means: Level, happens: Sequence[str], rng: np.random.Generator
) -> Raster:
    """`image` blurred as by bad focus, darker or paler than it was, and tinted; washed out where "pale" happens."""
    blur = max(0.3, between(rng, means.blur_mm) * dpi / MM_PER_INCH)
    soft = cv2.GaussianBlur(image, (0, 0), blur)
    white, black, gamma = between(rng, means.white), between(rng, means.black), between(rng, means.gamma)
    if "pale" in happens:
        # What is paler than a twentieth of black becomes white.
        white = 267.0
    shades = np.linspace(0, 1, 256) ** gamma
    cast = means.tint * np.array([-1.0, 0.0, 0.8]) * rng.uniform(-0.4, 1) if has_colour(image) else [0.0]
    tables = [np.clip(black + (white + shift - black) * shades, 0, 255) for shift in cast]
    return np.asarray(cv2.LUT(soft, np.stack(tables, axis=-1).astype(np.uint8)[None]), np.uint8)


def soiled(image: Raster, dpi: float, happens: Sequence[str], rng: np.random.Generator) -> Raster:
    """`image`, changed in place, with those of "streak", "dust" and "black edge" that happen."""
    per_mm = dpi / MM_PER_INCH
    if "streak" in happens:
        for _ in range(int(rng.integers(1, 4))):
            _streak(image, per_mm, rng)
    if "dust" in happens:
        for _ in range(int(rng.integers(5, 70))):
            _speck(image, per_mm, rng)
    if "black edge" in happens:
        thick = round(rng.uniform(1, 7) * per_mm)
        strip = pick(rng, (image[:thick], image[-thick:], image[:, :thick], image[:, -thick:]))
        strip[:] = int(rng.integers(5, 40))
    return image


def _streak(image: Raster, per_mm: float, rng: np.random.Generator) -> None:
    """Dirt where the sheet runs past the sensor: a thin dark or pale line along the feed."""
    height, width = image.shape[:2]
    x, thick = int(rng.integers(width)), max(1, round(rng.uniform(0.08, 0.35) * per_mm))
    top, bottom = (0, height) if chance(rng, 0.7) else sorted(rng.integers(0, height, 2).tolist())
    strip = image[top:bottom, x : x + thick]
    if chance(rng, 0.75):
        strip[:] = (strip * rng.uniform(0.3, 0.93)).astype(np.uint8)
    else:
        np.maximum(strip, 235, out=strip)


def _speck(image: Raster, per_mm: float, rng: np.random.Generator) -> None:
    """A grain of dust, or now and then a hair."""
    height, width = image.shape[:2]
    at = (int(rng.integers(width)), int(rng.integers(height)))
    shade = (float(rng.integers(30, 170)),) * 3
    if chance(rng, 0.9):
        size = max(1, round(rng.gamma(1.5, 0.06) * per_mm))
        turn = float(rng.uniform(0, 180))
        cv2.ellipse(image, at, (size, max(1, size // 2)), turn, 0, 360, shade, -1, cv2.LINE_AA)
    else:
        steps = rng.normal(0, 0.5 * per_mm, (6, 2)).cumsum(axis=0).cumsum(axis=0) * 0.5 + at
        cv2.polylines(image, [np.rint(steps).astype(np.int32)], False, shade, 1, cv2.LINE_AA)


def noisy(image: Raster, means: Level, rng: np.random.Generator) -> Raster:
    """`image` with Gaussian noise: random bytes through a table of quantiles, faster than drawing normals."""
    normal = NormalDist(128, between(rng, means.noise))
    table = np.array([normal.inv_cdf((value + 0.5) / 256) for value in range(256)])
    grains = np.frombuffer(rng.bytes(image.size), np.uint8).reshape(image.shape)
    noise = cv2.LUT(grains, np.rint(table).clip(0, 255).astype(np.uint8))
    return np.asarray(cv2.addWeighted(image, 1, noise, 1, -128), np.uint8)


def one_bit(image: Raster, rng: np.random.Generator) -> Raster:
    """`image` in 0 and 255 in one of the scanners' ways: fixed or local threshold, screen, error diffusion."""
    grey = as_grey(image)
    match pick(rng, ("fixed", "fixed", "local", "screen", "diffusion")):
        case "fixed":
            # Scanners set their threshold between the print and the paper, not at a fixed shade.
            paper = float(np.median(grey[::16, ::16]))
            return np.where(grey > paper * rng.uniform(0.55, 0.82), 255, 0).astype(np.uint8)
        case "local":
            block, depth = int(rng.integers(10, 31)) * 2 + 1, float(rng.uniform(10, 28))
            way = cv2.ADAPTIVE_THRESH_MEAN_C
            return np.asarray(
                cv2.adaptiveThreshold(grey, 255, way, cv2.THRESH_BINARY, block, depth), np.uint8
            )
        case "screen":
            height, width = grey.shape
            limits = np.tile((_BAYER * 15 + 8).astype(np.uint8), (height // 4 + 1, width // 4 + 1))
            return np.where(grey > limits[:height, :width], 255, 0).astype(np.uint8)
        case _:
            return np.asarray(Image.fromarray(grey).convert("1").convert("L"), np.uint8)


def through_jpeg(image: Raster, quality: int) -> tuple[bytes, Raster]:
    """A JPEG stream of `image`, `quality` 1 to 100, and what a reader will see of it."""
    _, stream = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    seen = cv2.imdecode(stream, cv2.IMREAD_COLOR if has_colour(image) else cv2.IMREAD_GRAYSCALE)
    return stream.tobytes(), np.asarray(seen, np.uint8)
