"""Which numbers each plural form of a language serves, by CLDR through Babel."""

from __future__ import annotations

from functools import cache
from gettext import c2py

from babel import UnknownLocaleError
from babel.messages.plurals import get_plural


@cache
def _forms(language: str) -> tuple[int, ...]:
    try:
        plural = get_plural(language)
    except (UnknownLocaleError, ValueError):
        return ()
    rule = c2py(plural.plural_expr)
    return tuple(rule(number) for number in range(201))


@cache
def count_forms(language: str) -> int:
    """Return how many plural forms gettext knows for a language; 0 where CLDR does not know the language."""
    return max(_forms(language), default=-1) + 1


@cache
def numbers_of_form(language: str, form: int) -> frozenset[int]:
    """Return the numbers from 0 to 200 that a plural form serves."""
    return frozenset(number for number, found in enumerate(_forms(language)) if found == form)
