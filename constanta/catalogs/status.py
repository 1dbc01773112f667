"""How far each catalog is: states, words left, findings; as the sources are now, not as of the last sync."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from constanta.catalogs.checks.entries import tells_state
from constanta.catalogs.checks.files import check_catalog
from constanta.catalogs.extract import extract_templates
from constanta.catalogs.findings import Severity
from constanta.catalogs.plan import Planned, Planner
from constanta.catalogs.po import State
from constanta.errors import Problem
from constanta.settings import Settings

_WORD = re.compile(r"\w[\w’'-]*")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|<[^<>]*>|\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class CatalogStatus:
    """How far one catalog is.

    Attributes:
        language: The tag of its language.
        name: The domain of the interface (`messages`, `tools`), or the name of the document.
        path: Where it lies, or will lie after a sync.
        states: How many messages there are of each state.
        words_left: How many words of the source have no current translation.
        findings: How many findings of each severity its translations have; a state is none.
    """

    language: str
    name: str
    path: Path
    states: Mapping[State, int]
    words_left: int
    findings: Mapping[Severity, int]


def find_status(settings: Settings) -> tuple[list[CatalogStatus], list[Problem]]:
    """Return the status of each catalog of each language, and what is wrong with those that cannot be read.

    Raises:
        CatalogError: Code or a page template cannot be read.
        ContentError: A document cannot be read.
    """
    planner = Planner(settings.translations, extract_templates(settings))
    statuses = [
        _status(plan, plan.language.tag) for plan in planner.plan() if plan.language and plan.is_wanted
    ]
    return statuses, planner.problems


def _status(plan: Planned, language: str) -> CatalogStatus:
    active = [message for message in plan.catalog.messages if not message.obsolete]
    return CatalogStatus(
        language=language,
        name=plan.name,
        path=plan.path,
        states=plan.states,
        words_left=sum(count_words(m.source.msgid) for m in active if m.state is not State.CURRENT),
        findings=Counter(f.severity for f in check_catalog(plan.catalog) if not tells_state(f)),
    )


def count_words(text: str) -> int:
    """Return how many words of a text are to be translated: neither tags nor addresses nor placeholders."""
    return len(_WORD.findall(_PLACEHOLDER.sub(" ", text)))
