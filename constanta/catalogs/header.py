"""The header of a catalog: what the project sets, and what a translator's tool wrote and keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from gettext import c2py

from constanta.catalogs.paths import DOCUMENT_FIELD, SOURCE_FIELD
from constanta.catalogs.po import Catalog
from constanta.content.records import Document
from constanta.errors import CatalogError, Problem, sentence
from constanta.locales import Language

_ORDER = (
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Plural-Forms",
    SOURCE_FIELD,
    DOCUMENT_FIELD,
)
_PLURAL_FORMS = re.compile(r"\s*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+);?\s*")


def make_header(
    language: Language | None, document: Document | None = None, found: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the canonical header of a catalog, or of a template where there is no language.

    Fields of translators and their tools are kept as found, except the creation date of the template, which changes
    without a reason.
    """
    fields = dict(found or {})
    fields.pop("POT-Creation-Date", None)
    fields |= {
        "Project-Id-Version": "Constanta",
        "Language": language.folder if language else "",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    if language:
        fields["Plural-Forms"] = language.plural_forms
    if document:
        fields |= {SOURCE_FIELD: document.lang, DOCUMENT_FIELD: document.name}
    ordered = [name for name in _ORDER if name in fields]
    return {name: fields[name] for name in (*ordered, *(n for n in fields if n not in _ORDER))}


@cache
def read_plural_rule(plural_forms: str) -> tuple[int, ...] | None:
    """Return the number of forms of a `Plural-Forms` field, and the form of each number from 0 to 200.

    Two rules are the same where this is, however they are written. None where the field holds no rule.
    """
    match = _PLURAL_FORMS.fullmatch(plural_forms)
    if match is None:
        return None
    try:
        rule = c2py(match.group(2))
        forms = tuple(rule(number) for number in range(201))
    except (ValueError, ZeroDivisionError):
        return None
    nplurals = int(match.group(1))
    return (nplurals, *forms) if max(forms) < nplurals else None


def check_header(catalog: Catalog, language: Language) -> None:
    """Refuse a catalog whose header belongs to another language; a field that is missing is no contradiction.

    Raises:
        CatalogError: The language (`po-header-language`) or the plural rule (`po-header-plural`) is another.
    """
    problems = []
    if catalog.language and catalog.language != language.tag:
        text = sentence(
            "The header says Language: %(found)s, but the file lies in the folder of %(expected)s.",
            found=catalog.header["Language"],
            expected=language.folder,
        )
        problems.append(Problem(text, catalog.path, catalog.header_line, "po-header-language"))
    plural_forms = catalog.header.get("Plural-Forms", "")
    if plural_forms and read_plural_rule(plural_forms) != read_plural_rule(language.plural_forms):
        text = sentence(
            "The header has another plural rule. It must be: Plural-Forms: %(expected)s",
            expected=language.plural_forms,
        )
        problems.append(Problem(text, catalog.path, catalog.header_line, "po-header-plural"))
    if problems:
        raise CatalogError(*problems)
