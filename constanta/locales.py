"""The languages of the site: one manifest; everything else derives from it and from `translations/`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.plurals import get_plural

from constanta.errors import Problem, SettingsError, sentence

SOURCE_LANGUAGE = "en"
"""The language of the interface's messages and of documents that name no other."""

DEFAULT_LANGUAGE = "be"
"""The language for a visitor whose languages the site does not have."""

SITE_LANGUAGES = ("be", "ru", "en")
"""The languages that the site always offers, in the order of the switcher."""

PSEUDO_LANGUAGE = "en-XA"
"""The pseudo-locale: English that is accented and longer, to see what escaped translation."""

_CONVENTIONS = {"en": "en-GB", PSEUDO_LANGUAGE: "en"}
"""Whose dates and numbers a language uses: the site's English is British; Babel leaves out CLDR's pseudo-locales."""

_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")


@dataclass(frozen=True)
class Language:
    """One language, by its BCP 47 tag; names, direction and plural rule come from CLDR."""

    tag: str

    @cached_property
    def locale(self) -> Locale:
        """Babel's locale of the language, for its dates, numbers, lists and plural rule."""
        return Locale.parse(_CONVENTIONS.get(self.tag, self.tag), sep="-")

    @property
    def folder(self) -> str:
        """The name of its folder under `translations/`, as gettext writes locales (`pt_BR`)."""
        return self.tag.replace("-", "_")

    @cached_property
    def endonym(self) -> str:
        """The name of the language in itself, as it stands at the beginning of a line."""
        name = self.locale.get_language_name(self.locale) or self.tag
        return name[:1].upper() + name[1:]

    @cached_property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction

    @property
    def nplurals(self) -> int:
        """How many plural forms gettext knows for the language."""
        return get_plural(self.locale).num_plurals

    @property
    def plural_forms(self) -> str:
        """The `Plural-Forms` header of its catalogs."""
        plural = get_plural(self.locale)
        return f"nplurals={plural.num_plurals}; plural={plural.plural_expr};"

    def name_in(self, other: Language) -> str:
        """Return the name of this language in another, in the nominative and as inside a sentence."""
        return self.locale.get_language_name(other.locale) or self.endonym


def parse_language(tag: str) -> Language:
    """Return the language of a BCP 47 tag (`be`, `pt-BR`).

    Raises:
        SettingsError: The tag is not well formed, or CLDR does not know the language.
    """
    if not _TAG.fullmatch(tag):
        raise SettingsError.at(
            None, None, sentence("“%(tag)s” is not a language tag such as be or pt-BR.", tag=tag)
        )
    language = Language(tag)
    try:
        _ = language.locale
    except (UnknownLocaleError, ValueError) as error:
        unknown = sentence("CLDR knows no language with the tag “%(tag)s”.", tag=tag)
        raise SettingsError.at(None, None, unknown) from error
    return language


def find_languages(translations: Path) -> tuple[Language, ...]:
    """Return the site's languages: those of the manifest, then the other folders of `translations`, by name.

    Raises:
        SettingsError: A folder is named after no language; names each. Hidden ones may be there.
    """
    found = sorted(translations.iterdir()) if translations.is_dir() else []
    folders = [path for path in found if path.is_dir() and not path.name.startswith(".")]
    languages = dict.fromkeys(map(Language, SITE_LANGUAGES))
    problems: list[Problem] = []
    for folder in folders:
        try:
            languages.setdefault(parse_language(folder.name.replace("_", "-")))
        except SettingsError as error:
            problems += (replace(problem, path=folder) for problem in error.problems)
    if problems:
        raise SettingsError(*problems)
    return tuple(languages)
