"""Words typed with the wrong keyboard layout: the letters that are on the same keys of another one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./" + '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?'
_LAYOUTS = {
    "be": "ёйцукенгшўзх'фывапролджэячсмітьбю." + "ЁЙЦУКЕНГШЎЗХ'ФЫВАПРОЛДЖЭЯЧСМІТЬБЮ,",
    "ru": "ёйцукенгшщзхъфывапролджэячсмитьбю." + "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,",
}
"""The letters of the keys of `_KEYS`, by CLDR's keyboards of the languages."""

_TO_CYRILLIC: Mapping[str, dict[int, str]] = MappingProxyType(
    {lang: str.maketrans(dict(zip(_KEYS, letters, strict=True))) for lang, letters in _LAYOUTS.items()}
)
_TO_LATIN = str.maketrans(
    {
        letter: key
        for letters in _LAYOUTS.values()
        for letter, key in zip(letters, _KEYS, strict=True)
        if letter not in _KEYS
    }
)


def retype(text: str, lang: str) -> str:
    """Return what the same keys give in the layout of a language: Cyrillic for `be` and `ru`, Latin for others."""
    return text.translate(_TO_CYRILLIC.get(lang, _TO_LATIN))
