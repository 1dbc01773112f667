"""The checks `fuzzy` and `untranslated`: whether there is a translation at all.

Source: `docs/orthography.md`, section 20.
"""

from __future__ import annotations

import re
from functools import cache

from constanta.catalogs.checks.data import names
from constanta.catalogs.checks.scripts import script_of
from constanta.catalogs.checks.text import CYRILLIC, INVISIBLE, MARK
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

_TWO_LETTERS = {"Latn": re.compile("[A-Za-z]{2}"), "Cyrl": re.compile(f"[{CYRILLIC}]{{2}}")}
# YouTube, iOS, IPv4 are names; so are abbreviations without a vowel.
_LOOKS_LIKE_A_NAME = re.compile(
    r"(?<![^\W_])(?:[A-Za-z]+[a-z][A-Z]\w*|[a-z][A-Z]\w+|[A-Z]{2,}[a-z]\w*|[A-Za-z]+\d\w*|[B-DF-HJ-NP-TV-XZ]{2,})(?![^\W_])"
)
# The last two are the empty pattern of Braille and the filler of Hangul.
_NOTHING = re.compile(rf"[\s{''.join(sorted(INVISIBLE))}\u2800\u3164]*")
_WORD = re.compile(r"[^\W\d_]{2,}")


@cache
def _names(language: str) -> re.Pattern[str]:
    alternatives = "|".join(sorted(map(re.escape, names("same", language)), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


def untranslated(masked: str, language: str, source_language: str) -> tuple[Sentence, Severity] | None:
    """Return what is wrong with a translation that is its source, unless it may be; `masked` is the masked text."""
    foreign = script_of(source_language)
    rest = _LOOKS_LIKE_A_NAME.sub("", _names(language).sub("", masked.replace(MARK, " ")))
    two_letters = _TWO_LETTERS.get(foreign)
    if two_letters is None or not two_letters.search(rest):
        return None
    if foreign == script_of(language):
        # Languages of one script share words (“status”, «рассылка»); only a phrase is worth asking about.
        if source_language == language or foreign == "Cyrl" or len(_WORD.findall(rest)) < 3:
            return None
        return _SAME, Severity.WARNING
    return _SAME, Severity.ERROR


def shows_nothing(masked: str) -> bool:
    """Return whether nothing of a masked text is seen: spaces, also those that are written as `&nbsp;`."""
    return _NOTHING.fullmatch(masked) is not None


_SAME = sentence(
    "The translation is the source itself; translate it, or have the name listed as one that stays."
)
NOTHING = sentence("Nothing of the translation is seen on the page; write the text.")
MISSING = sentence("The message has no translation yet.")
FUZZY = sentence("The translation is marked fuzzy: look whether it is right, then take the mark away.")
