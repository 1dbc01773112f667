"""Corrections that need no person: what the checks know the answer to and cannot be wrong about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from constanta.catalogs.checks.entries import check_message
from constanta.catalogs.findings import Finding
from constanta.catalogs.po import Message
from constanta.locales import SOURCE_LANGUAGE

FIXABLE = (
    "invisible",
    "homoglyph",
    "apostrophe",
    "be-u-word",
    "be-u-inner",
    "quotes",
    "whitespace",
    "nbsp-word",
    "nbsp-num",
    "dash",
)
"""The checks whose suggestions are safe to apply, in the order in which they are: a Latin letter hides a wrong ў."""

_ROUNDS = 8
"""How often the checks are asked again: a correction may make room for the next (`.\"` → `.»` → `».`)."""


def fix_message(
    message: Message, language: str, *, source_language: str = SOURCE_LANGUAGE, markdown: bool = False
) -> tuple[Message, list[Finding]]:
    """Return a message with its safe corrections made, and the findings that they answered.

    Nothing else changes, and a second run changes nothing. Of `dash` only spaces are corrected: which sign is meant may be
    a question.
    """
    done: list[Finding] = []
    for _ in range(_ROUNDS):
        answered = len(done)
        for check in FIXABLE:
            findings = check_message(message, language, source_language=source_language, markdown=markdown)
            chosen = list(_choose(message, check, findings))
            message = _apply(message, chosen)
            done += chosen
        if len(done) == answered:
            break
    return message, done


def _choose(message: Message, check: str, findings: list[Finding]) -> Iterator[Finding]:
    """Yield the findings of one check that can be answered at once: none overlaps another."""
    reached: dict[int, int] = {}
    for finding in sorted(findings, key=lambda finding: (finding.form, finding.span or (0, 0))):
        if finding.check != check or finding.span is None or finding.suggestion is None:
            continue
        start, end = finding.span
        found = message.msgstr[finding.form][start:end]
        if found == finding.suggestion or start < reached.get(finding.form, 0):
            continue
        if check == "dash" and _without_spaces(found) != _without_spaces(finding.suggestion):
            continue
        reached[finding.form] = end
        yield finding


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _apply(message: Message, findings: list[Finding]) -> Message:
    forms = list(message.msgstr)
    for finding in reversed(findings):
        if finding.span and finding.suggestion is not None:
            start, end = finding.span
            text = forms[finding.form]
            forms[finding.form] = text[:start] + finding.suggestion + text[end:]
    return replace(message, msgstr=tuple(forms))
