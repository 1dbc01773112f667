"""What an update changed, in the words in which `queries` and `documents` name what they read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from constanta.edition.documents import LINE
from constanta.edition.prepare import Row

_UNSEEN = frozenset({"id", "path", "digest", "scopes", "areas"})
"""What is stored of a document and shown on no page."""

_BODY = frozenset({"body", "original", "withdrawn"})
"""What stands on a document's own page and in no list."""

_YEAR = re.compile(r"(.+)/\d{4}")

Renditions = Mapping[str, Row]
"""What is stored of a document in each language, by its tag."""


def compare_document(old: Row, new: Row, before: Renditions, after: Renditions) -> set[str]:
    """Return what has changed between two states of a document, of which `old` is empty where it is new."""
    if _name(old) != _name(new):
        return {"addresses", *name_document(old, before), *name_document(new, after)}
    changed = {"addresses"} if old["withdrawn"] != new["withdrawn"] else set()
    for lang, rendition in after.items():
        # The language that the document was written in goes before that of the rendition, which is the same in both.
        was, is_now = {**before.get(lang, {}), **old}, {**rendition, **new}
        different = {column for column in is_now if was.get(column) != is_now[column]} - _UNSEEN
        if different:
            changed.add(f"article {_name(new)} {lang}")
        if different - _BODY:
            changed.add(f"card {_name(new)} {lang}")
        if different & LINE:
            changed.add(f"line {_name(new)} {lang}")
    return changed


def name_document(row: Row, languages: Iterable[str]) -> set[str]:
    """Return all that can be read of a document."""
    return {f"{what} {_name(row)} {lang}" for what in ("article", "card", "line") for lang in languages}


def name_scopes(scopes: Iterable[str]) -> set[str]:
    """Return all that can be read of some lists whose members or order have changed."""
    changed = set()
    for scope in scopes:
        changed.add(f"scope {scope}")
        if match := _YEAR.fullmatch(scope):
            changed.add(f"years {match[1]}")
    return changed


def _name(row: Mapping[str, Any]) -> str:
    return f"{row.get('kind')}/{row.get('slug')}"
