"""What the parent tells a worker process, and what comes back: plain data, so that nothing is run from an answer."""

from __future__ import annotations

from typing import Final, TypeAlias

import msgspec

from consentdesk.model.layout import SlipTemplate
from consentdesk.model.reading import PageReading
from consentdesk.scanning.scan_file import ScanFacts

READY: Final = b""
"""A worker's first message; an answer to each `Look` and `Read` follows, in their order."""


class Learn(msgspec.Struct, frozen=True, tag=True):
    """A form version that pages may be of; there is no answer."""

    template: SlipTemplate


class Look(msgspec.Struct, frozen=True, tag=True):
    """A scan file at a glance; the answer is its `ScanFacts`, or in one word the reason against it."""

    untrusted_path: str


class Read(msgspec.Struct, frozen=True, tag=True):
    """Page `number` (from 1) of a file of that `kind`; the answer is a `PageReading`."""

    untrusted_path: str
    kind: str
    number: int


class Bug(msgspec.Struct, frozen=True, tag=True):
    """The answer where the reader failed as it never should: the error's type, and its place in the code."""

    error: str
    place: str


class Looked(msgspec.Struct, frozen=True, tag=True):
    """The answer to `Look`: the file at a glance, or in one word the reason against it."""

    found: ScanFacts | str


class Seen(msgspec.Struct, frozen=True, tag=True):
    """The answer to `Read`."""

    page: PageReading


Order: TypeAlias = Learn | Look | Read
Answer: TypeAlias = Looked | Seen | Bug

encode = msgspec.msgpack.Encoder().encode
order_in = msgspec.msgpack.Decoder(Order).decode
answer_in = msgspec.msgpack.Decoder(Answer).decode
