"""The interface's texts: from the request's edition, in the page's language, each marked where it is not in it."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain, get_locale
from markupsafe import Markup, escape

from constanta.edition.switch import Untranslated
from constanta.locales import SOURCE_LANGUAGE
from constanta.pages.site import current_edition, current_language, here


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


Catalog = Translations | NullTranslations
Said = dict[tuple[str, bool], Markup]
"""Texts without a context as they stand in pages, by the message and by whether values go into them."""

_said: WeakKeyDictionary[Catalog, Said] = WeakKeyDictionary()


def _catalog() -> tuple[Catalog, Said]:
    """Return what `EditionDomain` finds, and what it has been asked; a page asks fifty times and gets the same.

    So whoever speaks another language than the request does, as a mail may, does so in a context of its own.
    """
    kept = here()
    found: tuple[Catalog, Said] | None = kept.get("catalog")
    if found is None:
        catalog = EditionBabel.domain_instance.get_translations()
        found = kept["catalog"] = (catalog, _said.setdefault(catalog, {}))
    return found


def _gettext(message: str, /, **values: Any) -> Markup:
    catalog, said = _catalog()
    key = (message, bool(values))
    text = said.get(key)
    if text is None:
        text = _markup(message, catalog.gettext(message))
        text = said[key] = text if values else text % {}
    return text % values if values else text


def _ngettext(singular: str, plural: str, num: int, /, **values: Any) -> Markup:
    text = _markup(singular, _catalog()[0].ngettext(singular, plural, num))
    return text % {"num": num, **values}


def _pgettext(context: str, message: str, /, **values: Any) -> Markup:
    return _markup(message, _catalog()[0].upgettext(context, message)) % {"context": context, **values}


def _npgettext(context: str, singular: str, plural: str, num: int, /, **values: Any) -> Markup:
    text = _markup(singular, _catalog()[0].unpgettext(context, singular, plural, num))
    return text % {"context": context, "num": num, **values}


def init_texts(app: Flask) -> None:
    """Set up Flask-Babel and the templates' gettext functions."""
    EditionBabel(app, locale_selector=lambda: current_language().locale)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    # Jinja's own “newstyle” functions do the same, through the context of the template and so three times as slowly.
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]
    app.jinja_env.filters["marked"] = lambda text: _markup("", text)
    app.jinja_env.globals.update(
        _=_gettext, gettext=_gettext, ngettext=_ngettext, pgettext=_pgettext, npgettext=_npgettext
    )
