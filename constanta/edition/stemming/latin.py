"""Belarusian and Russian in Latin letters, read back into Cyrillic.

Łacinka is read by its alphabet; other transliterations by the digraphs that they share (BGN/PCGN, ICAO, what people type).
What Latin letters without diacritics leave open (z for з or ж, h for г or х, o for unstressed а) is compared by a key in
which both are the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_SINGLE = dict(zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхійклмнопкрстуввхыз", strict=True))
_DIACRITICS = {
    "č": "ч",
    "š": "ш",
    "ž": "ж",
    "ć": "ць",
    "ś": "сь",
    "ź": "зь",
    "ń": "нь",
    "ł": "л",
    "ż": "ж",
    "ŭ": "у",
}
_DIGRAPHS = {"shch": "щ", "sch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "sh": "ш", "ch": "ч"}
_SOFT_VOWELS = {"a": "я", "e": "е", "o": "е", "u": "ю"}
_IOTATED = {f"{first}{vowel}": soft for first in "ijy" for vowel, soft in _SOFT_VOWELS.items()}
_LACINKA = {
    **_SINGLE,
    **_DIACRITICS,
    **_IOTATED,
    **{f"l{vowel}": f"л{soft}" for vowel, soft in _SOFT_VOWELS.items()},
    "ch": "х",
    "e": "э",
    "h": "г",
    "l": "ль",
    "li": "лі",
}
_PLAIN = {**_SINGLE, **_DIACRITICS, **_DIGRAPHS, **_IOTATED}

_SCHEMES: Mapping[str, tuple[Mapping[str, str], ...]] = MappingProxyType(
    {"be": (_LACINKA, {**_PLAIN, "h": "г"}, {**_PLAIN, "ch": "х", "h": "г"}), "ru": ({**_PLAIN, "i": "и"},)}
)
_YOT = re.compile(r"(?<=[aeiouy])y(?![aeou])")

_KEY = str.maketrans("абвгдежзийіклмнопрстуфхцчшщыэюя", "abvhdezziiiklmnaprstufhccssieue", "ьъ")


def read_latin(word: str, lang: str) -> tuple[str, ...]:
    """Return what a folded Latin word may be in the Cyrillic of a language, the likeliest first."""
    spelled = _YOT.sub("j", word)
    return tuple(dict.fromkeys(_read(spelled, scheme) for scheme in _SCHEMES.get(lang, ())))


def _read(word: str, scheme: Mapping[str, str]) -> str:
    units = sorted(scheme, key=len, reverse=True)
    return re.sub("|".join(units), lambda match: scheme[match.group()], word)


def make_key(word: str) -> str:
    """Return what a Cyrillic word has in common with all that may be meant by its Latin spelling."""
    return word.translate(_KEY)
