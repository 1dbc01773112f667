"""Whether a source changed only in spelling, so that its translations may stay current."""

from __future__ import annotations

import re

from constanta.catalogs.po import Source

_WORD = re.compile(r"%\(\w+\)[a-z]|\w+")
_MIN_LENGTH = 5


def same_but_spelling(old: Source, new: Source) -> bool:
    """Return whether two sources have the same words, each with one letter mended at most, and the same numbers.

    Punctuation, letter case and spaces may differ; a short word may not, as one letter makes another word of it.
    """
    pairs = ((old.msgid, new.msgid), (old.msgid_plural or "", new.msgid_plural or ""))
    return all(_same_words(_words(first), _words(second)) for first, second in pairs)


def _words(text: str) -> list[str]:
    return [word if word.startswith("%") else word.casefold() for word in _WORD.findall(text)]


def _same_words(old: list[str], new: list[str]) -> bool:
    return len(old) == len(new) and all(map(_same_word, old, new))


def _same_word(old: str, new: str) -> bool:
    if old == new:
        return True
    if not (old.isalpha() and new.isalpha()) or min(len(old), len(new)) < _MIN_LENGTH:
        return False
    return _one_slip(old, new)


def _one_slip(old: str, new: str) -> bool:
    """Return whether one letter was added, dropped or changed, or two neighbours changed places."""
    start = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    a, b = old[start:], new[start:]
    swapped = a[:2] == b[:2][::-1] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped
