"""What went wrong, what is safe and what to do next: the errors that a person is meant to read."""

from __future__ import annotations


class KnownError(Exception):
    """A failure that the program understands, told in one sentence.

    Anything else that is raised is a bug: it is logged without names and never swallowed.

    `what` says what happened, `safe` what was not harmed (may be empty), `todo` what the person can do.
    Each is a clause that starts in lower case unless it begins with a name, and carries no full stop.
    """

    def __init__(self, what: str, safe: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.safe = safe
        self.todo = todo

    @property
    def sentence(self) -> str:
        """The whole error as one sentence: what; what is safe; what to do."""
        parts = [part.strip().rstrip(".") for part in (self.what, self.safe, self.todo) if part.strip()]
        text = "; ".join(parts)
        # A word starts the sentence with a capital; the name of a file or a form stays as it is written.
        first = text.split(maxsplit=1)[0] if text else ""
        return (text[:1].upper() + text[1:] if first.isalpha() else text) + "."

    def __str__(self) -> str:
        return self.sentence


class WrongPassword(KnownError):
    """The password, or the recovery words, open no key slot."""


class OfficeInUse(KnownError):
    """Another program holds the office's database."""


class DamagedOffice(KnownError):
    """A file of the office fails its checks, or is older than what this computer has seen."""


class NewerOffice(KnownError):
    """The database was written by a newer version of the program."""


class NotAllowed(KnownError):
    """The user's role does not include this errand."""
