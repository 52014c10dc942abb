"""Codes that are not what they were: payloads changed letter by letter, and codes of all kinds drawn into pages."""

from __future__ import annotations

import string
from random import Random
from typing import Final

import cv2
import numpy as np
import segno
import zxingcpp
from numpy.typing import NDArray

from consentdesk.model.slip import ALPHABET, CodeKey, Part, check_letters, payload
from tests.scanning.odd_files import pillow

Raster = NDArray[np.uint8]

_LOOK_ALIKES: Final = str.maketrans({"0": "O", "1": "I", "V": "U", "8": "B", "5": "S", "2": "Z"})
_ODD: Final = "\0\n\x7f é١２²ⅧßǅI\u200b\ud7ff\U0001f600"
_OTHER_KEY: Final = CodeKey("1", bytes(reversed(range(32))))
_FORMATS: Final = (
    "QRCode", "MicroQRCode", "RMQRCode", "DataMatrix", "Aztec", "PDF417", "Code128", "Code39", "Code93", "ITF",
    "Codabar", "EAN13", "EAN8", "UPCA", "UPCE", "DataBar", "DataBarExp", "DataBarLtd", "MaxiCode", "MicroPDF417",
)  # fmt: skip


def changed(text: str, chance: Random) -> tuple[str, str]:
    """A payload with something changed, and what. Often it has right check letters again: then its MAC must tell."""
    letters = list(text)
    at = chance.randrange(len(letters))
    ways = (
        "letter",
        "swapped",
        "without",
        "with one more",
        "odd letter",
        "small",
        "look-alike",
        "doubled",
        "forged",
    )
    way = chance.choice(ways)
    match way:
        case "letter":
            letters[at] = chance.choice(ALPHABET)
        case "swapped":
            other = chance.randrange(len(letters))
            letters[at], letters[other] = letters[other], letters[at]
        case "without":
            del letters[at : at + chance.randrange(1, 4)]
        case "with one more":
            letters.insert(at, chance.choice(ALPHABET))
        case "odd letter":
            letters[at] = chance.choice(_ODD + string.punctuation)
        case "small":
            letters = list("".join(letters).lower())
        case "look-alike":
            letters[at] = letters[at].translate(_LOOK_ALIKES)
        case "doubled":
            letters *= chance.choice((2, 40))
        case _:
            return way, payload(
                _OTHER_KEY, text[4:10], text[10:14], text[14:24], chance.choice((Part.FIRST, Part.SECOND))
            )
    body = "".join(letters)
    if chance.random() < 0.7 and len(body) > 3 and body.isascii() and body.isalnum() and body.isupper():
        body = body[:-2] + check_letters(body[:-2])
    return way, body


def page_with_codes(text: str, chance: Random) -> tuple[str, bytes]:
    """A PNG of a page with one to three codes, none of which says what a slip's says, and what was done."""
    page = np.full((520, 420), 245, np.uint8)
    cv2.rectangle(page, (20, 260), (400, 500), 30, 2)
    told = []
    for number in range(chance.choice((1, 1, 2, 3))):
        way, code = _code(text, chance)
        told.append(way)
        y, x = 15 + 165 * number, chance.randrange(15, 120)
        code = code[: page.shape[0] - y, : page.shape[1] - x]
        page[y : y + code.shape[0], x : x + code.shape[1]] = code
    if chance.random() < 0.2:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), chance.uniform(0.5, 2)), np.uint8)
    return told[0], pillow(np.rot90(page, chance.randrange(4)).copy(), "PNG")


def _code(text: str, chance: Random) -> tuple[str, Raster]:
    way = chance.random()
    if way < 0.45:
        name, said = changed(text, chance)
        return f"code: {name}", _drawn(_qr(said, chance), chance)
    if way < 0.6:
        # The right code with some of its modules turned: what the error correction makes of it may be another text.
        return "code: modules turned", _drawn(_turned(segno.make_qr(text, error="q"), chance), chance)
    if way < 0.75:
        binary = chance.randbytes(chance.randrange(1, 200))
        return "code: bytes", _drawn(_matrix(segno.make_qr(binary, mode="byte")), chance)
    name = chance.choice(_FORMATS)
    return f"code: {name}", _other(name, chance)


def _qr(text: str, chance: Random) -> Raster:
    try:
        return _matrix(segno.make_qr(text, error=chance.choice("lmqh")))
    except (ValueError, UnicodeError):
        return _matrix(segno.make_qr(text.encode("utf-8", "replace")[:900]))


def _matrix(code: segno.QRCode) -> Raster:
    return np.array([list(row) for row in code.matrix], np.uint8)


def _turned(code: segno.QRCode, chance: Random) -> Raster:
    modules = _matrix(code)
    for _ in range(chance.choice((1, 5, 40, 150))):
        modules[chance.randrange(modules.shape[0]), chance.randrange(modules.shape[1])] ^= 1
    return modules


def _drawn(modules: Raster, chance: Random) -> Raster:
    scale = chance.choice((2, 3, 4, 5)) if modules.shape[0] < 60 else 2
    white = np.pad((1 - modules) * 255, 3, constant_values=255)
    return np.asarray(np.kron(white, np.ones((scale, scale), np.uint8)), np.uint8)


def _other(name: str, chance: Random) -> Raster:
    """A code of another kind; where that cannot say what it should, a QR code of noise."""
    digits = "".join(chance.choices(string.digits, k=chance.choice((7, 11, 12, 13, 20))))
    for said in (chance.choice((digits, "CD1" + digits, "A" + digits + "B")), digits[:12], digits[:7]):
        try:
            code = zxingcpp.create_barcode(said, getattr(zxingcpp.BarcodeFormat, name))
            return np.array(code.to_image(scale=chance.choice((1, 2, 3))), np.uint8)
        except (ValueError, RuntimeError):
            continue
    noise = np.random.default_rng(chance.getrandbits(32)).integers(0, 2, (29, 29), dtype=np.uint8)
    return _drawn(noise, chance)
