"""What search engines and link previews read in a page: schema.org as JSON-LD."""

from __future__ import annotations

from typing import Any

from flask import Flask
from markupsafe import Markup

from constanta.content.records import Kind
from constanta.content.renditions import Availability
from constanta.edition.documents import Article
from constanta.edition.statement import encode_json
from constanta.pages.languages import absolute
from constanta.pages.links import path_for
from constanta.pages.machines import ENDPOINTS
from constanta.pages.site import current_edition, current_language

ORGANISATION = {"@type": "Organization", "name": "Human Constanta"}

TYPES = {Kind.PUBLICATION: "Report", Kind.PROJECT: "CreativeWork", Kind.AREA: "WebPage", Kind.PAGE: "WebPage"}
"""What a document of each kind is in schema.org's words."""


def describe_article(article: Article) -> Markup:
    """Return a page's document as JSON-LD, in the language it is shown in, with its translations (schema.org)."""
    own = current_language().tag
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": TYPES[article.kind],
        "@id": _address(article, own),
        "url": _address(article, own),
        "name": article.title.text,
        "inLanguage": article.title.lang or own,
        "publisher": ORGANISATION,
    }
    if article.summary.text:
        described["description"] = article.summary.text
    if article.date and not article.date.is_range:
        described["datePublished"] = str(article.date)
    if article.original:
        described["isBasedOn"] = article.original
    translations = [
        {"@id": _address(article, tag), "inLanguage": tag}
        for tag, availability in article.available.items()
        if availability is Availability.COMPLETE and tag != own and _is_public(tag)
    ]
    if article.lang == own and translations:
        described["workTranslation"] = translations
    elif article.lang != own and article.availability is Availability.COMPLETE and _is_public(article.lang):
        described["translationOfWork"] = {"@id": _address(article, article.lang), "inLanguage": article.lang}
    # Inside a script element only “<” can end it or begin a comment (HTML, 4.12.1.3).
    return Markup(encode_json(described).replace("<", "\\u003c"))  # noqa: S704


def _is_public(tag: str) -> bool:
    return any(language.tag == tag for language in current_edition().public)


def _address(article: Article, tag: str) -> str:
    language = current_edition().find_language(tag) or current_language()
    return absolute(path_for(ENDPOINTS[article.kind], slug=article.slug, lang=language))


def init_metadata(app: Flask) -> None:
    """Give the templates the description of a document."""
    app.jinja_env.globals["describe_article"] = describe_article
