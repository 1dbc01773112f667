"""What a check reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from constanta.catalogs.po import Key
from constanta.errors import Sentence


class Severity(StrEnum):
    """How much a finding matters: an error keeps the message out of what is served."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check reports about one message, or about a whole file where `key` is None.

    Attributes:
        check: The id of the check, as in `docs/orthography.md`.
        severity: Whether it blocks, asks a person, or only counts.
        text: What is wrong and what to do.
        path: The catalog; None where the message was not read from a file.
        line: The line to open, from 1.
        key: What identifies the message.
        form: Which form of the translation is meant, from 0.
        span: Where in that form the finding begins and ends, in characters; None means the whole form.
        suggestion: The text that should stand in the place of `span`, where a rule knows it.
    """

    check: str
    severity: Severity
    text: Sentence
    path: Path | None = None
    line: int = 0
    key: Key | None = None
    form: int = 0
    span: tuple[int, int] | None = None
    suggestion: str | None = None
