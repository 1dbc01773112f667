"""A document's renditions to plain texts, each under the language that it really is in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

from constanta.edition.models import RenditionRow
from constanta.edition.stemming.words import compose


@dataclass(slots=True)
class Texts:
    """What a document says in one language, as plain text in NFC; empty where it says it in another."""

    title: str = ""
    summary: str = ""
    body: str = ""

    @property
    def fields(self) -> tuple[str, str, str]:
        """The title, the summary and the body."""
        return self.title, self.summary, self.body


def gather_texts(renditions: Iterable[RenditionRow]) -> dict[str, Texts]:
    """Return what a document says in each language, by tag.

    A language of the site is taken from its own rendition. A source language that the site does not have appears only as
    what stands in for missing translations, and is taken from the first rendition that shows it.
    """
    split = {rendition.lang: _split(rendition) for rendition in renditions}
    found: dict[str, Texts] = {}
    for lang, texts in split.items():
        for other, text in texts.items():
            if other == lang or other not in split:
                found.setdefault(other, text)
    return found


def _split(rendition: RenditionRow) -> dict[str, Texts]:
    """Return the texts of a rendition by their language."""
    body = _BodyTexts(rendition.lang)
    for run in rendition.body:
        body.feed(f"{run['html']}\n")
    body.close()
    found = {lang: Texts(body=_clean("".join(parts))) for lang, parts in body.parts.items()}
    if rendition.title:
        found.setdefault(rendition.title_lang or rendition.lang, Texts()).title = _clean(rendition.title)
    if rendition.summary:
        found.setdefault(rendition.summary_lang or rendition.lang, Texts()).summary = _clean(
            rendition.summary
        )
    return {lang: text for lang, text in found.items() if any(text.fields)}


def _clean(text: str) -> str:
    return " ".join(compose(text).split())


class _BodyTexts(HTMLParser):
    """Collects the texts of our own HTML by the `lang` of the elements around them."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.parts: dict[str, list[str]] = {}
        self._around = [lang]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._around.append(dict(attrs).get("lang") or self._around[-1])

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._around.pop()

    def handle_data(self, data: str) -> None:
        self.parts.setdefault(self._around[-1], []).append(data)


_VOID = frozenset({"br", "hr"})
"""The elements without an end that CommonMark gives, images being off."""
