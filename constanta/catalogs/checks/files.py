"""The checks of whole catalogs: the file, its header, and what can only be seen in all messages together.

Source: `docs/orthography.md`, sections 17, 25 and 26.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from constanta.catalogs.checks.entries import check_messages, check_source
from constanta.catalogs.checks.safety import with_unsafe
from constanta.catalogs.checks.text import WORD
from constanta.catalogs.findings import Finding, Severity
from constanta.catalogs.header import read_plural_rule
from constanta.catalogs.paths import SOURCE_FIELD, is_content
from constanta.catalogs.po import Catalog, Message, read_catalog
from constanta.errors import CatalogError, Sentence, SettingsError, sentence
from constanta.locales import SOURCE_LANGUAGE, Language, parse_language

_FOLDER = "translations"
_SUFFIX = re.compile(r"(?:^|\.)([a-z]{2,3}(?:[_-][A-Z][A-Za-z]{1,3})?)\.po$")
_BELARUSIAN, _RUSSIAN = re.compile("[іўІЎ]"), re.compile("[ищъИЩЪ]")
_ENOUGH_LETTERS = 3
_MARKDOWN = frozenset[str | None]({"body"})


def check_file(path: Path) -> list[Finding]:
    """Return what is wrong with a catalog's file, its header and its messages; a file that cannot be read has findings too."""
    try:
        catalog = read_catalog(path)
    except CatalogError as error:
        return [
            Finding(
                problem.code or "po-syntax", Severity.ERROR, problem.text, problem.path, problem.line or 0
            )
            for problem in error.problems
        ]
    return check_catalog(catalog)


def check_catalog(catalog: Catalog) -> list[Finding]:
    """Return what is wrong with a catalog that could be read: its header first, then its messages in the order of their lines.

    Its language is what the header says, or else the folder or the letters. A template is checked as a text in its own
    language.
    """
    if _is_template(catalog):
        return _located(catalog, [f for m in catalog.messages for f in check_source(m.source)])
    findings = list(_check_header(catalog))
    language = catalog.language or _expected_language(catalog) or _language_of_letters(catalog)
    if language:
        found = check_messages(
            catalog.messages,
            language,
            source_language=catalog.header.get(SOURCE_FIELD, SOURCE_LANGUAGE),
            markdown_contexts=_MARKDOWN if is_content(catalog) else frozenset(),
        )
        present = (message for message in catalog.messages if message.translated and not message.obsolete)
        findings += with_unsafe(found, present, markdown=is_content(catalog))
    if language == "ru":
        findings += _find_two_spellings(catalog)
    elif language == "en":
        findings += _find_two_englishes(catalog)
    return _located(catalog, sorted(findings, key=lambda finding: finding.line))


def _located(catalog: Catalog, findings: list[Finding]) -> list[Finding]:
    return [replace(finding, path=catalog.path) for finding in findings] if catalog.path else findings


def _is_template(catalog: Catalog) -> bool:
    return bool(catalog.path and catalog.path.suffix == ".pot") or not (
        catalog.language or any(message.translated for message in catalog.messages)
    )


# --- the header ----------------------------------------------------------------------------------------------------


def _check_header(catalog: Catalog) -> Iterator[Finding]:
    """Yield what is wrong with the header; a field that is missing is no error where its value is known otherwise."""
    for check, field, text, known in (
        ("po-header-language", "Language", language_problem(catalog), _expected_language(catalog)),
        ("po-header-plural", "Plural-Forms", _plural_problem(catalog), catalog.language),
    ):
        if text:
            severity = Severity.WARNING if known and not catalog.header.get(field) else Severity.ERROR
            yield Finding(check, severity, text, line=catalog.header_line)


def language_problem(catalog: Catalog) -> Sentence | None:
    """Return why the header does not name the language of a catalog; None where it does."""
    found = catalog.header.get("Language", "")
    expected = _expected_language(catalog)
    letters = _language_of_letters(catalog)
    if not found:
        return sentence(
            "The header names no language; add: Language: %(expected)s", expected=expected or letters or "be"
        )
    if _language(catalog.language) is None:
        return sentence("The header says Language: %(found)s, which CLDR does not know.", found=found)
    if expected and catalog.language != expected:
        return sentence(
            "The header says Language: %(found)s, but the file is that of %(expected)s.",
            found=found,
            expected=expected,
        )
    if letters and catalog.language in {"be", "ru"} and letters != catalog.language:
        return sentence(
            "The header says Language: %(found)s, but the letters are those of %(expected)s.",
            found=found,
            expected=letters,
        )
    return None


def _language(tag: str) -> Language | None:
    try:
        return parse_language(tag)
    except SettingsError:
        return None


def _expected_language(catalog: Catalog) -> str:
    """Return the language that the place of the file says, or its name (`be.po`, `messages.ru.po`); else nothing."""
    if catalog.path is None:
        return ""
    folders = catalog.path.parts[:-1]
    if _FOLDER in folders:
        rest = folders[len(folders) - folders[::-1].index(_FOLDER) :]
        return rest[0].replace("_", "-") if rest else ""
    suffix = _SUFFIX.search(catalog.path.name)
    tag = suffix[1].replace("_", "-") if suffix else ""
    return tag if tag and _language(tag) else ""


def _language_of_letters(catalog: Catalog) -> str:
    """Return `be` or `ru` where only one of them has the letters of the translations; else nothing."""
    text = "".join("".join(message.msgstr) for message in catalog.messages if not message.obsolete)
    belarusian, russian = len(_BELARUSIAN.findall(text)), len(_RUSSIAN.findall(text))
    if max(belarusian, russian) < _ENOUGH_LETTERS or 10 * min(belarusian, russian) > max(belarusian, russian):
        return ""
    return "be" if belarusian > russian else "ru"


def _plural_problem(catalog: Catalog) -> Sentence | None:
    language = _language(catalog.language)
    if language is None:
        return None
    found = read_plural_rule(catalog.header.get("Plural-Forms", ""))
    if found == read_plural_rule(language.plural_forms):
        return None
    return sentence(
        "The header must have the plural rule of the language: Plural-Forms: %(expected)s",
        expected=language.plural_forms,
    )


# --- all messages together -----------------------------------------------------------------------------------------

_AMBIGUOUS = frozenset(
    {"все", "всем", "чем", "тем", "нем", "осел", "мел", "лет", "небо", "узнаем", "передохнем", "берет"}
)


def _find_two_spellings(catalog: Catalog) -> Iterator[Finding]:
    """Yield the Russian words that stand with ё in one message and with е in another; both are right, but not both at once."""
    with_yo: set[str] = set()
    with_ye: dict[str, Message] = {}
    for message in catalog.messages:
        for word in () if message.obsolete else WORD.findall(" ".join(message.msgstr).lower()):
            if "ё" in word:
                with_yo.add(word)
            elif "е" in word:
                with_ye.setdefault(word, message)
    for word in sorted({yo.replace("ё", "е") for yo in with_yo} - _AMBIGUOUS):
        if word in with_ye and len(word) > 1:
            text = sentence("“%(word)s” stands elsewhere with ё; write it one way.", word=word)
            yield _about(with_ye[word], "ru-yo", text)


_ENGLISHES = re.compile(
    r"\b(?:(?P<s>organis)|(?P<z>organiz))(?:e|ed|es|ing|ation|ations|ational|er|ers)\b", re.IGNORECASE
)


def _find_two_englishes(catalog: Catalog) -> Iterator[Finding]:
    found: Counter[str] = Counter()
    last: dict[str, Message] = {}
    for message in catalog.messages:
        for match in _ENGLISHES.finditer(" ".join(message.msgstr)):
            group = match.lastgroup or ""
            found[group] += 1
            last[group] = message
    if len(found) == 2:
        rare = found.most_common()[-1][0]
        text = sentence("“organise” and “organize” stand in one file; write it one way.")
        yield _about(last[rare], "en-spelling", text)


def _about(message: Message, check: str, text: Sentence) -> Finding:
    return Finding(check, Severity.INFO, text, line=message.msgstr_line or message.line, key=message.key)
