"""The interface's texts: from the request's edition, in the page's language, each marked where it is not in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Babel, Domain, get_locale
from markupsafe import Markup, escape

from constanta.edition.switch import Untranslated
from constanta.locales import SOURCE_LANGUAGE
from constanta.pages.site import current_edition, current_language

if TYPE_CHECKING:
    from collections.abc import Callable


class EditionDomain(Domain):  # type: ignore[misc]
    """The catalogs of the edition that the request reads; switching the edition switches them."""

    def get_translations(self) -> Translations | NullTranslations:
        """Return the catalog of Flask-Babel's present locale."""
        return current_edition().translations.get(str(get_locale()), NullTranslations())


class EditionBabel(Babel):  # type: ignore[misc]
    """Flask-Babel with the edition's catalogs."""

    domain_instance = EditionDomain()


def _markup(source: str, text: str) -> Markup:
    """Return a text for a page.

    Where the source holds no markup, the translation's is shown as text. What is not in the page's language is wrapped
    in its own; an attribute takes a text through `striptags`.
    """
    markup = Markup(text) if "<" in source else escape(text)  # noqa: S704
    if isinstance(text, Untranslated):
        return Markup('<span lang="{}">{}</span>').format(SOURCE_LANGUAGE, markup)
    return markup


def _translations() -> Translations | NullTranslations:
    """Return what `EditionDomain` finds; a page asks fifty times and gets the same."""
    locale = get_locale()
    found: tuple[Locale | None, Translations | NullTranslations] = g.get("translations", (None, None))
    if found[0] is not locale:
        found = g.translations = (locale, EditionBabel.domain_instance.get_translations())
    return found[1]


def _gettext(message: str) -> Markup:
    return _markup(message, _translations().gettext(message))


def _ngettext(singular: str, plural: str, n: int) -> Markup:
    return _markup(singular, _translations().ngettext(singular, plural, n))


def _pgettext(context: str, message: str) -> Markup:
    return _markup(message, _translations().upgettext(context, message))


def _npgettext(context: str, singular: str, plural: str, n: int) -> Markup:
    return _markup(singular, _translations().unpgettext(context, singular, plural, n))


def init_texts(app: Flask) -> None:
    """Set up Flask-Babel and the templates' gettext functions."""
    EditionBabel(app, locale_selector=lambda: current_language().locale)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    install: Callable[..., None] = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]
    install(_gettext, _ngettext, newstyle=True, pgettext=_pgettext, npgettext=_npgettext)
