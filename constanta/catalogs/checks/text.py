"""Texts as the checks see them: without what is no language, and with the way back to the place in the `msgstr`.

Masking follows `docs/orthography.md`, section 0: an address, a placeholder and a piece of code become one opaque mark,
tags disappear (block tags become line breaks), entities become their characters. Every masked character knows where it
stands in the raw text, so a finding can name the right place.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MARK = "␟"
"""Stands for what has no known sound, case or number: an address, a placeholder, code."""

NBSP = "\u00a0\u202f"
"""The spaces that do not break; Babel's long dates have the narrow one."""

CYRILLIC = "а-яёіўѓєїјљњћќџґА-ЯЁІЎЃЄЇЈЉЊЋЌЏҐѣѢ"
"""The Cyrillic letters of the Slavic languages, as a part of a character class."""

WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`´‘′][^\W\d_]+)*")
"""A word: letters with apostrophes inside."""

Edit = tuple[int, int, str | None]
"""A change: where the wrong text begins and ends, and what should stand there (None where no rule knows)."""

URL = r"(?:(?:https?|ftp)://|www\.|mailto:|tel:)[^\s<>\"«»“”„`]*[^\s<>\"«»“”„`.,;:!?…)\]'’*_]"
EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_TAG = r"<!--.*?-->|</?[A-Za-z][^<>]*>"
_ENTITY = r"&(?:\#[0-9]+|\#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);"
_PRINTF = r"%(?:\(\w+\))?[#0\-+]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[diouxXeEfFgGcrsa](?![A-Za-z])|%\(\w+\)[A-Za-z]?"
_BRACE = r"\{[\w.\[\]]*(?:![rsa])?(?::[^{}\"]*)?\}"
_CODE = r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
_TARGET = r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
_AUTOLINK = r"<[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*>|<[\w.+-]+@[\w.-]+>"
_EMPHASIS = r"\*+|~~|(?<!\w)_+(?=\S)|(?<=[^\s_])_+(?!\w)|!?\[|\]"

_OPAQUE = f"{URL}|{EMAIL}"
_MESSAGE = re.compile(
    f"(?P<opaque>{_OPAQUE}|{_PRINTF}|{_BRACE})|(?P<tag>{_TAG})|(?P<entity>{_ENTITY})|(?P<double>%%|{{{{|}}}})",
    re.DOTALL,
)
_MARKDOWN = re.compile(
    rf"(?P<opaque>{_CODE}|{_AUTOLINK}|{_OPAQUE})|(?P<mark>{_TARGET}|{_EMPHASIS})|(?P<tag>{_TAG})"
    rf"|(?P<entity>{_ENTITY})|(?P<escape>\\[!-/:-@\[-`{{-~])",
    re.DOTALL,
)
_MESSAGE_CHARACTERS = frozenset("<&%{}@:.")
_MARKDOWN_CHARACTERS = frozenset("<&@:.*_[]`~\\")
_WORTH_MASKING = re.compile(r"[<&%{}@]|://|www\.|mailto:|tel:")
_BLOCK_TAG = re.compile(r"</?(?:br|p|li|ul|ol|div|h[1-6]|tr|td|th|dt|dd|hr|blockquote)\b", re.IGNORECASE)
_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)


@dataclass(slots=True)
class Text:
    """A text and its masked form.

    Attributes:
        raw: As it stands in the catalog.
        masked: Normalised (NFC) and masked.
        starts: Where each masked character begins in `raw`; None where the two are the same.
        ends: Where each masked character ends in `raw`.
        chars: The characters of `masked`: a rule that needs others need not run.
    """

    raw: str
    masked: str
    starts: list[int] | None
    ends: list[int] | None
    chars: frozenset[str]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in `raw` of a place in `masked`."""
        if self.starts is None or self.ends is None:
            return start, end
        first = self.starts[start] if start < len(self.starts) else len(self.raw)
        return first, self.ends[end - 1] if end > start else first

    def correct(self, edits: Iterable[Edit]) -> tuple[tuple[int, int], str | None]:
        """Return the place in `raw` that `edits` of `masked` reach over, and the corrected text for it.

        There is no corrected text where an edit is unknown, or where it would touch something masked.
        """
        ordered = sorted(edits, key=lambda edit: edit[:2])
        places = [self.place(start, end) for start, end, _ in ordered]
        span = places[0][0], max(end for _, end in places)
        pieces, position = [], span[0]
        for (start, end, new), (first, last) in zip(ordered, places, strict=True):
            if new is None or first < position or self.raw[first:last] != self.masked[start:end]:
                return span, None
            pieces += [self.raw[position:first], new]
            position = last
        return span, "".join(pieces) + self.raw[position : span[1]]


def read_text(raw: str, *, markdown: bool = False) -> Text:
    """Return a text with its masked form; `markdown` says that it is inline Markdown rather than a message."""
    chars = frozenset(raw)
    special = _MARKDOWN_CHARACTERS if markdown else _MESSAGE_CHARACTERS
    normal = raw.isascii() or unicodedata.is_normalized("NFC", raw)
    if normal and (special.isdisjoint(chars) or not (markdown or _WORTH_MASKING.search(raw))):
        return Text(raw, raw, None, None, chars)
    masker = _Masker(raw, normal=normal)
    position = 0
    for match in (_MARKDOWN if markdown else _MESSAGE).finditer(raw):
        masker.keep(position, match.start())
        masker.mask(match)
        position = match.end()
    masker.keep(position, len(raw))
    return masker.finish()


class _Masker:
    """Collects the masked characters of one text."""

    def __init__(self, raw: str, *, normal: bool) -> None:
        self.raw = raw
        self.normal = normal
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def keep(self, start: int, end: int) -> None:
        """Take over a part as it is, composed where it is not."""
        if self.normal:
            self.pieces.append(self.raw[start:end])
            self.starts.extend(range(start, end))
            self.ends.extend(range(start + 1, end + 1))
            return
        for cluster in _CLUSTER.finditer(self.raw, start, end):
            self.put(unicodedata.normalize("NFC", cluster.group()), cluster.start(), cluster.end())

    def put(self, piece: str, start: int, end: int) -> None:
        self.pieces.append(piece)
        self.starts.extend([start] * len(piece))
        self.ends.extend([end] * len(piece))

    def mask(self, match: re.Match[str]) -> None:
        """Put in place of a match what the checks should see there."""
        found = match.group()
        piece = ""
        if match.lastgroup in {"opaque", "ticks"}:
            piece = MARK
        elif match.lastgroup == "tag":
            piece = "\n" if _BLOCK_TAG.match(found) else ""
        elif match.lastgroup == "entity":
            piece = html.unescape(found)
        elif match.lastgroup in {"double", "escape"}:
            piece = found[1]
        self.put(piece, match.start(), match.end())

    def finish(self) -> Text:
        masked = "".join(self.pieces)
        return Text(self.raw, masked, self.starts, self.ends, frozenset(masked))
