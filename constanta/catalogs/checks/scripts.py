"""Which writing system a language uses, by CLDR through Babel."""

from __future__ import annotations

from functools import cache

from babel.core import get_global


@cache
def script_of(language: str) -> str:
    """Return the script that a language is usually written in, as ISO 15924 says it (`Cyrl`); `Latn` where unknown."""
    likely: str = get_global("likely_subtags").get(language, "")
    return next((part for part in likely.split("_") if len(part) == 4), "Latn")
