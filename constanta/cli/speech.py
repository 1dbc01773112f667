"""Which language a command speaks: that of the terminal, where the catalogs of the tools have it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from babel import Locale
from babel.numbers import format_decimal

from constanta.catalogs.compile import read_usable
from constanta.catalogs.paths import interface_path
from constanta.errors import CatalogError, Sentence, SettingsError
from constanta.locales import SITE_LANGUAGES, SOURCE_LANGUAGE, Language, find_languages

Say = Callable[[Sentence], str]
"""Gives a sentence in the language of the terminal."""


def find_speech(environment: Mapping[str, str], translations: Path) -> Say:
    """Return what says sentences in the first language of the environment that there is; English where there is none.

    The variables and their order are those of GNU gettext: `LANGUAGE`, `LC_ALL`, `LC_MESSAGES`, `LANG`. Numbers with
    a fraction get the language's decimal sign.
    """
    try:
        languages = {language.tag: language for language in find_languages(translations)}
    except (SettingsError, OSError):
        languages = {tag: Language(tag) for tag in SITE_LANGUAGES}
    tag = next((tag for tag in _wanted(environment) if tag in languages), SOURCE_LANGUAGE)
    return speech_of(languages[tag], translations) if tag != SOURCE_LANGUAGE else str


def speech_of(language: Language, translations: Path) -> Say:
    """Return what says sentences in a language; in English where its catalog of the tools has none or cannot be read."""
    if language.tag == SOURCE_LANGUAGE:
        return str
    locale = language.locale
    try:
        messages = read_usable(interface_path(translations, language, "tools"))
    except CatalogError:
        # The command that is to mend the catalogs must be able to speak while they are broken.
        return str

    def gettext(message: str) -> str:
        return messages.get((None, message), (message,))[0]

    return lambda sentence: _with_numbers(sentence, locale).translate(gettext)


def _with_numbers(sentence: Sentence, locale: Locale) -> Sentence:
    """Return a sentence whose numbers with a fraction are written as in a language (CLDR)."""
    values = {
        name: format_decimal(value, locale=locale) if isinstance(value, float) else value
        for name, value in sentence.values.items()
    }
    return replace(sentence, values=values)


def _wanted(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the tags of the languages that the environment asks for, the most wanted first."""
    locale = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "C"
    )
    names = [*environment.get("LANGUAGE", "").split(":"), locale] if locale not in {"C", "POSIX"} else []
    for name in filter(None, names):
        tag = name.partition(".")[0].partition("@")[0].replace("_", "-")
        yield tag
        yield tag.partition("-")[0]
