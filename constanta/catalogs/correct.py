"""The safe corrections of a whole catalog, each with what it changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from constanta.catalogs.checks.files import language_problem
from constanta.catalogs.checks.fix import fix_message
from constanta.catalogs.paths import SOURCE_FIELD, is_markdown
from constanta.catalogs.po import Catalog, Message
from constanta.locales import SOURCE_LANGUAGE


@dataclass(frozen=True, slots=True)
class Correction:
    """One message before and after, and the ids of the checks that were answered."""

    before: Message
    after: Message
    checks: tuple[str, ...]


def correct_catalog(catalog: Catalog) -> tuple[Catalog, list[Correction]]:
    """Return a catalog with its safe corrections made, and each of them.

    One whose header names no language, or another than its own, stays as it is: no correction is safe by the rules of
    another language.
    """
    if language_problem(catalog):
        return catalog, []
    source_language = catalog.header.get(SOURCE_FIELD, SOURCE_LANGUAGE)
    corrections, messages = [], []
    for message in catalog.messages:
        fixed = message
        if message.translated and not message.obsolete:
            markdown = is_markdown(catalog, message)
            fixed, done = fix_message(
                message, catalog.language, source_language=source_language, markdown=markdown
            )
            if fixed != message:
                checks = tuple(dict.fromkeys(finding.check for finding in done))
                corrections.append(Correction(message, fixed, checks))
        messages.append(fixed)
    return replace(catalog, messages=tuple(messages)), corrections
