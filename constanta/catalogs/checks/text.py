"""Texts as the checks see them: without what is no language, and with the way back to the place in the `msgstr`.

Masking follows `docs/orthography.md`, section 0: an address, a placeholder and a piece of code become one opaque mark,
tags disappear (block tags become line breaks), entities become their characters. Every masked character knows where it
stands in the raw text, so a finding can name the right place.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator

MARK = "␟"
"""Stands for what has no known sound, case or number: an address, a placeholder, code."""

NBSP = "\u00a0\u202f"
"""The spaces that do not break; Babel's long dates have the narrow one."""

CYRILLIC = "а-яёіўѓєїјљњћќџґА-ЯЁІЎЃЄЇЈЉЊЋЌЏҐѣѢ"
"""The Cyrillic letters of the Slavic languages, as a part of a character class."""

WORD = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f'’ʼ`´‘′]+")
"""A word: letters and apostrophes. (Ranges take half the time of `\\w`.)"""

NEAR = 80
"""How many characters before a place decide about it: enough for any rule, and no more, so that time stays linear."""

Edit = tuple[int, int, str | None]
"""A change: where the wrong text begins and ends, and what should stand there (None where no rule knows)."""

# The lengths are limited so that no text, however odd, takes more than linear time.
URL = r"(?:(?:https?|ftp)://|www\.|mailto:|tel:)[^\s<>\"«»“”„`]*[^\s<>\"«»“”„`.,;:!?…)\]'’*_]"
EMAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
_TAG = r"<!--.{0,1000}?-->|</?[A-Za-z][^<>]*>"
_ENTITY = r"&(?:\#[0-9]+|\#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);"
_PRINTF = r"%(?:\(\w+\))?[#0\-+]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[diouxXeEfFgGcrsa](?![A-Za-z])|%\(\w+\)[A-Za-z]?"
_BRACE = r"\{[\w.\[\]]*(?:![rsa])?(?::[^{}\"]*)?\}"
_CODE = r"(?<!`)(?P<ticks>`+)(?!`).{1,1000}?(?<!`)(?P=ticks)(?!`)"
TARGET = r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
_AUTOLINK = r"<[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*>|<[\w.+-]+@[\w.-]+>"
_EMPHASIS = r"\*+|~~|(?<!\w)_+(?=\S)|(?<=[^\s_])_+(?!\w)|!?\[|\]"

_MESSAGE = rf"(?P<opaque>{_PRINTF}|{_BRACE})|(?P<tag>{_TAG})|(?P<entity>{_ENTITY})|(?P<double>%%|{{{{|}}}})"
_WITHOUT_ADDRESSES = re.compile(_MESSAGE, re.DOTALL)
_WITH_ADDRESSES = re.compile(rf"(?P<address>{URL}|{EMAIL})|{_MESSAGE}", re.DOTALL)
_MARKS = (
    rf"(?P<mark>{TARGET}|{_EMPHASIS})|(?P<tag>{_TAG})|(?P<entity>{_ENTITY})|(?P<escape>\\[!-/:-@\[-`{{-~])"
)
_MARKDOWN_WITH_EMAIL = re.compile(rf"(?P<opaque>{_CODE}|{_AUTOLINK}|{URL}|{EMAIL})|{_MARKS}", re.DOTALL)
# Only an e-mail address begins with any letter; other texts are searched four times as fast by what can begin a match.
_MARKDOWN = re.compile(
    rf"(?=[<&*_\[\]`~\\!hfwmt])(?:(?P<opaque>{_CODE}|{_AUTOLINK}|{URL})|{_MARKS})", re.DOTALL
)
_MESSAGE_SIGN = re.compile("[<&%{}]")
_MARKDOWN_SIGN = re.compile(r"[<&*_\[\]`~\\]")
_ENDLESS_NUMBER = re.compile(r"&#[0-9]{8,};?")
_SCHEME = re.compile("://|mailto:|tel:")
_BLOCK_TAG = re.compile(r"</?(?:br|p|li|ul|ol|div|h[1-6]|tr|td|th|dt|dd|hr|blockquote)\b", re.IGNORECASE)
_CONTROLS = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029))) - {"\n", "\t"}
_NONCHARACTERS = frozenset(
    map(chr, (*range(0xFDD0, 0xFDF0), *range(0xFFFE, 0x110000, 0x10000), *range(0xFFFF, 0x110000, 0x10000)))
)
INVISIBLE = (
    frozenset(
        map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0xAD))
    )
    | _CONTROLS
    | _NONCHARACTERS
)
"""Characters that are not seen; the check `invisible` reports them, the others look past them."""

UNKNOWN = "\ufffd\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
"""What stands for a lost character, and what means something in one font only, as a part of a character class."""

_UNSEEN = re.compile(f"[{''.join(sorted(INVISIBLE))}\u0300\u0301]")
# The planes beyond the first are one range: single characters of theirs make the search ten times as slow.
_UNUSUAL = re.compile(
    f"[{''.join(sorted(c for c in INVISIBLE if ord(c) < 0x10000))}\u0300\u0301\ufffd\ue000-\uf8ff\U00010000-\U0010ffff]"
)
_UNCOMMON = re.compile("[^ \u0400-\u052f]")
_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)


class Text:
    """A text and its masked form.

    Attributes:
        raw: As it stands in the catalog.
        masked: Normalised (NFC) and masked.
        normal: Whether `raw` is composed (NFC) and surely has nothing in it that is invisible or unknown.
    """

    __slots__ = ("_chars", "_ends", "_pattern", "_starts", "masked", "normal", "raw")

    def __init__(self, raw: str, masked: str, pattern: re.Pattern[str] | None, *, normal: bool) -> None:
        self.raw = raw
        self.masked = masked
        self.normal = normal
        self._pattern = pattern
        self._chars: frozenset[str] | None = None
        self._starts: list[int] | None = None
        self._ends: list[int] = []

    @property
    def chars(self) -> frozenset[str]:
        """The characters of `masked` but for Cyrillic letters and spaces: a rule that needs others need not run."""
        if self._chars is None:
            masked = self.masked
            self._chars = frozenset(masked if masked.isascii() else _UNCOMMON.findall(masked))
        return self._chars

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in `raw` of a place in `masked`."""
        if self._pattern is None:
            return start, end
        if self._starts is None:
            self._starts, self._ends = _offsets(self.raw, self._pattern, normal=self.normal)
        first = self._starts[start] if start < len(self._starts) else len(self.raw)
        return first, self._ends[end - 1] if end > start else first

    def correct(self, edits: Iterable[Edit], *, raw: bool = False) -> tuple[tuple[int, int], str | None]:
        """Return the place in the raw text that edits reach over, and the corrected text for it.

        The edits are of the masked text, or of the raw one where `raw` says so. There is no corrected text where an edit
        is unknown, or where it would touch something masked.
        """
        ordered = sorted(edits, key=lambda edit: edit[:2])
        places = [(start, end) if raw else self.place(start, end) for start, end, _ in ordered]
        masked = self.raw if raw else self.masked
        span = places[0][0], max(end for _, end in places)
        pieces, position = [], span[0]
        for (start, end, new), (first, last) in zip(ordered, places, strict=True):
            if new is None or first < position or self.raw[first:last] != masked[start:end]:
                return span, None
            pieces += [self.raw[position:first], new]
            position = last
        return span, "".join(pieces) + self.raw[position : span[1]]


def read_text(raw: str, *, markdown: bool = False) -> Text:
    """Return a text with its masked form; `markdown` says that it is inline Markdown rather than a message."""
    normal = (raw.isascii() and raw.isprintable()) or (
        unicodedata.is_normalized("NFC", raw) and not _UNUSUAL.search(raw)
    )
    if markdown:
        pattern = _MARKDOWN_WITH_EMAIL if "@" in raw else _MARKDOWN
        special = may_have_address(raw) or _MARKDOWN_SIGN.search(raw)
    else:
        pattern = _WITH_ADDRESSES if may_have_address(raw) else _WITHOUT_ADDRESSES
        special = _MESSAGE_SIGN.search(raw)
    if normal and not special and pattern is not _WITH_ADDRESSES:
        return Text(raw, raw, None, normal=True)
    if normal:
        masked = pattern.sub(_masked, raw)
    else:
        masked = "".join(piece for piece, _, _ in _pieces(raw, pattern, normal=False))
    return Text(raw, masked, None if masked == raw else pattern, normal=normal)


def may_have_address(raw: str) -> bool:
    """Return whether it is worth looking for a web or e-mail address in a text."""
    return "@" in raw or "www." in raw or (":" in raw and bool(_SCHEME.search(raw)))


def unescape(text: str) -> str:
    """Return a text with its entities as characters; a number that is none of a character becomes U+FFFD, as in HTML."""
    return html.unescape(_ENDLESS_NUMBER.sub("\ufffd", text))


def _masked(match: re.Match[str]) -> str:
    """Return what the checks should see in the place of a match."""
    kind = match.lastgroup
    if kind in {"opaque", "ticks", "address"}:
        return MARK
    if kind == "tag":
        return "\n" if _BLOCK_TAG.match(match.group()) else ""
    if kind == "entity":
        return unescape(match.group())
    return match.group()[1] if kind in {"double", "escape"} else ""


def _pieces(raw: str, pattern: re.Pattern[str], *, normal: bool) -> Iterator[tuple[str, int, int]]:
    """Yield the parts of a masked text, each with where it begins and ends in the raw one."""
    position = 0
    for match in pattern.finditer(raw):
        yield from _kept(raw, position, match.start(), normal=normal)
        yield _masked(match), match.start(), match.end()
        position = match.end()
    yield from _kept(raw, position, len(raw), normal=normal)


def _kept(raw: str, start: int, end: int, *, normal: bool) -> Iterator[tuple[str, int, int]]:
    """Yield a part that is not masked, character by character, composed and without what is not seen."""
    if normal:
        yield from ((raw[place], place, place + 1) for place in range(start, end))
        return
    for cluster in _CLUSTER.finditer(raw, start, end):
        composed = unicodedata.normalize("NFC", cluster.group())
        yield _UNSEEN.sub("", composed), cluster.start(), cluster.end()


def _offsets(raw: str, pattern: re.Pattern[str], *, normal: bool) -> tuple[list[int], list[int]]:
    starts: list[int] = []
    ends: list[int] = []
    for piece, start, end in _pieces(raw, pattern, normal=normal):
        starts += [start] * len(piece)
        ends += [end] * len(piece)
    return starts, ends
