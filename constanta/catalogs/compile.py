"""Catalogs to what is served: current messages that pass every error check; what is left out is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import polib

from constanta.catalogs.checks.entries import blocks, check_messages
from constanta.catalogs.checks.safety import with_unsafe
from constanta.catalogs.findings import Finding
from constanta.catalogs.header import check_header, make_header
from constanta.catalogs.paths import (
    SOURCE_FIELD,
    find_document_catalogs,
    interface_path,
    is_content,
    is_markdown,
)
from constanta.catalogs.po import (
    Catalog,
    Key,
    Message,
    State,
    parse_catalog,
    read_catalog,
    read_data,
    write_if_changed,
)
from constanta.errors import CatalogError, Problem
from constanta.locales import SOURCE_LANGUAGE, Language, find_languages

Usable = dict[Key, tuple[str, ...]]
"""The forms of each translation that may be served."""


def usable_messages(catalog: Catalog) -> tuple[Usable, list[Finding]]:
    """Return the translations of a catalog that may be served, and the errors that keep others out.

    Messages that are outdated, need work, are missing or obsolete are left out without a finding.
    """
    current = [m for m in catalog.messages if not m.obsolete and m.state is State.CURRENT]
    found = _find_errors(current, catalog)
    usable = {message.key: message.msgstr for message in current if message.key not in found}
    return usable, [
        replace(finding, path=catalog.path) for findings in found.values() for finding in findings
    ]


def _find_errors(messages: Sequence[Message], catalog: Catalog) -> dict[Key, list[Finding]]:
    """Return the errors of those messages that have any."""
    checked = check_messages(
        messages,
        catalog.language,
        source_language=catalog.header.get(SOURCE_FIELD, SOURCE_LANGUAGE),
        markdown_contexts=frozenset(m.source.msgctxt for m in messages if is_markdown(catalog, m)),
        blocking=True,
    )
    found: dict[Key, list[Finding]] = {}
    for finding in with_unsafe(filter(blocks, checked), messages, markdown=is_content(catalog)):
        if finding.key is not None:
            found.setdefault(finding.key, []).append(finding)
    return found


def read_usable(path: Path) -> Usable:
    """Return the translations of a catalog's file that may be served.

    Raises:
        CatalogError: It cannot be read.
    """
    return usable_messages(read_catalog(path))[0]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a compilation made.

    Attributes:
        files: The compiled catalogs.
        left_out: The errors that keep translations out of what is served.
        problems: The catalogs that cannot be read.
    """

    files: tuple[Path, ...]
    left_out: tuple[Finding, ...]
    problems: tuple[Problem, ...]


def compile_catalogs(translations: Path, target: Path) -> Compiled:
    """Compile the interface's catalogs into `target`, and check those of the tools and of documents as well.

    A catalog that cannot be read is reported and the others are compiled.
    """
    files: list[Path] = []
    left_out: list[Finding] = []
    problems: list[Problem] = []
    for language in find_languages(translations):
        interface = interface_path(translations, language)
        others = [interface_path(translations, language, "tools")]
        others += find_document_catalogs(translations, language).values()
        try:
            if language.tag != SOURCE_LANGUAGE:
                left_out.extend(_compile_interface(interface, target, language))
                files.append(_compiled_path(target, language))
        except CatalogError as error:
            problems.extend(error.problems)
        for path in filter(Path.exists, others):
            try:
                left_out.extend(usable_messages(_read(path, language))[1])
            except CatalogError as error:
                problems.extend(error.problems)
    return Compiled(tuple(files), tuple(left_out), tuple(problems))


def compile_interface(translations: Path, target: Path) -> list[Finding]:
    """Write the interface's compiled catalogs under `target`, and return the errors of what was left out.

    A language without a catalog gets an empty one. Files whose contents are the same are not touched.

    Raises:
        CatalogError: A catalog cannot be read, or is of another language than its folder.
    """
    findings: list[Finding] = []
    for language in find_languages(translations):
        if language.tag != SOURCE_LANGUAGE:
            findings += _compile_interface(interface_path(translations, language), target, language)
    return findings


def _compile_interface(path: Path, target: Path, language: Language) -> Sequence[Finding]:
    compiled, errors = _compile_data(read_data(path) if path.exists() else None, path, language)
    write_if_changed(_compiled_path(target, language), compiled)
    return errors


@lru_cache(maxsize=32)
def _compile_data(data: bytes | None, path: Path, language: Language) -> tuple[bytes, tuple[Finding, ...]]:
    """Return a compiled catalog and the errors of what was left out; of no data, an empty one.

    Who publishes again and again compiles what has changed.
    """
    catalog = Catalog({})
    if data is not None:
        catalog = _of_language(parse_catalog(data, path), language)
    usable, errors = usable_messages(catalog)
    return _compile(catalog, usable, language), tuple(errors)


def _compiled_path(target: Path, language: Language) -> Path:
    return interface_path(target, language).with_suffix(".mo")


def _read(path: Path, language: Language) -> Catalog:
    return _of_language(read_catalog(path), language)


def _of_language(catalog: Catalog, language: Language) -> Catalog:
    """Return a catalog that names the language of its folder, by whose rules it is checked, also where it named none."""
    check_header(catalog, language)
    return replace(catalog, header={**catalog.header, "Language": language.folder})


def _compile(catalog: Catalog, usable: Usable, language: Language) -> bytes:
    compiled = polib.MOFile()
    compiled.metadata = make_header(language)
    for message in catalog.messages:
        forms = None if message.obsolete else usable.get(message.key)
        if forms is None:
            continue
        plural = message.source.msgid_plural
        entry = polib.MOEntry(msgid=message.source.msgid, msgctxt=message.source.msgctxt)
        if plural is None:
            entry.msgstr = forms[0]
        else:
            entry.msgid_plural, entry.msgstr_plural = plural, dict(enumerate(forms))
        compiled.append(entry)
    return compiled.to_binary()
