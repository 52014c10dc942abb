"""A PDF that opens only with its password: AES with a key of 256 bits."""

from __future__ import annotations

import io

from pypdf import PdfReader, PdfWriter

from consentdesk.errors import KnownError


def encrypted(pdf: bytes, password: str) -> bytes:
    """`pdf` encrypted with AES-256 (PDF 2.0, revision 6). Raises `KnownError` for an empty password.

    ReportLab itself encrypts with 40-bit RC4 unless told otherwise, and its AES needs a library that is no
    longer kept.
    """
    if not password:
        raise KnownError("a PDF needs a password to be encrypted with", "nothing was written", "give one")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt(password, algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
