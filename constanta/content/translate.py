"""A document and its catalog put together: what the pages of one language show, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from constanta.catalogs.compile import usable_messages
from constanta.catalogs.extract import document_messages
from constanta.catalogs.findings import Finding
from constanta.catalogs.header import make_header
from constanta.catalogs.merge import merge_messages
from constanta.catalogs.po import Catalog, Key, Message, State
from constanta.content.markdown import inline_marks, render_body
from constanta.content.records import Document
from constanta.content.renditions import Availability, Run, Text
from constanta.locales import Language


@dataclass(frozen=True, slots=True)
class Rendition:
    """A document as the pages of one language show it.

    Attributes:
        title: Its title.
        summary: Its summary.
        body: Its text.
        availability: How much of it stands in the language.
        left_out: The errors that keep translations out of it.
    """

    title: Text
    summary: Text
    body: tuple[Run, ...]
    availability: Availability
    left_out: tuple[Finding, ...] = ()


def translate_document(document: Document, catalog: Catalog | None, language: Language) -> Rendition:
    """Return a document as the pages of `language` show it.

    A message without a current translation is shown in the source language, never in a third one. The catalog is
    merged in memory first, so that a source that has changed since the last sync is told from one never translated.
    """
    if document.lang == language.tag:
        return _render(document, {}, {}, Availability.SOURCE)
    template = document_messages(document)
    old = catalog.messages if catalog else ()
    merged = merge_messages(template, old, language.nplurals).messages
    active = Catalog(make_header(language, document), tuple(m for m in merged if not m.obsolete))
    usable, findings = usable_messages(active)
    safe = {key: forms[0] for key, forms in usable.items() if inline_marks(forms[0]) == inline_marks(key[1])}
    reasons = {m.key: _reason(m) for m in active.messages if m.key not in safe}
    left_out = _place(findings, catalog) if catalog else ()
    return _render(document, safe, reasons, _availability(active.messages, safe), left_out)


def _place(findings: Iterable[Finding], catalog: Catalog) -> tuple[Finding, ...]:
    """Return findings on merged messages with the places where the messages stand in their file."""
    lines = {message.key: message.line for message in catalog.messages}
    return tuple(
        replace(finding, path=catalog.path, line=lines.get(finding.key, 1) if finding.key else 1)
        for finding in findings
    )


def _reason(message: Message) -> str:
    return State.OUTDATED if message.state is State.OUTDATED else State.MISSING


def _availability(messages: tuple[Message, ...], usable: dict[Key, str]) -> Availability:
    if len(usable) == len(messages):
        return Availability.COMPLETE
    outdated = sum(message.state is State.OUTDATED for message in messages)
    if len(usable) + outdated == len(messages) and len(usable) >= outdated:
        return Availability.OUTDATED
    return Availability.PARTIAL if usable else Availability.MISSING


def _render(
    document: Document,
    translations: dict[Key, str],
    reasons: dict[Key, str],
    availability: Availability,
    left_out: tuple[Finding, ...] = (),
) -> Rendition:
    def text(context: str, source: str) -> Text:
        key = (context, source)
        if key in translations:
            return Text(translations[key])
        if key in reasons:
            return Text(source, document.lang, reasons[key])
        return Text(source)

    return Rendition(
        title=text("title", document.title),
        summary=text("summary", document.summary),
        body=tuple(render_body(document.body, lambda source: text("body", source))),
        availability=availability,
        left_out=left_out,
    )
