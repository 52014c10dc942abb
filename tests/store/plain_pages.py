"""The pages of an encrypted file in plain, as somebody with the key and without our program would read them."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
RESERVED = 80
"""At the end of each page: the 16 bytes that its encryption began with, and its authentication code."""
SALT = 16


def plain_pages(path: Path, key: bytes) -> bytes:
    """Every page of a closed or committed SQLCipher 4 file, decrypted with its raw 256-bit key."""
    data = path.read_bytes()
    plain = bytearray()
    for start in range(0, len(data), PAGE):
        page = data[start : start + PAGE]
        begun_with = page[PAGE - RESERVED : PAGE - RESERVED + 16]
        body = page[SALT if start == 0 else 0 : PAGE - RESERVED]
        reader = Cipher(algorithms.AES(key), modes.CBC(begun_with)).decryptor()
        plain += reader.update(body) + reader.finalize()
    return bytes(plain)
