"""Every labelled finding is found, and nothing else: the corpus in `tests/data/labelled`, scored as its notes say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from constanta.catalogs.checks.entries import CHECKS, blocks, check_message, check_messages
from constanta.catalogs.checks.files import check_file
from constanta.catalogs.po import Message, read_catalog
from constanta.settings import ROOT

LABELLED = ROOT / "tests" / "data" / "labelled"
LABELS: dict[str, str | list[str]] = json.loads((LABELLED / "labels.json").read_text(encoding="utf-8"))
NOTES: dict[str, dict[str, object]] = json.loads((LABELLED / "notes.json").read_text(encoding="utf-8"))
HEADERS: dict[str, str | list[str]] = json.loads(
    (LABELLED / "headers" / "labels.json").read_text(encoding="utf-8")
)
FILE_CHECKS = frozenset(
    {"po-syntax", "po-bom", "po-header-charset", "po-header-language", "po-header-plural", "po-duplicate"}
)


def entries() -> list[tuple[str, Message]]:
    """Return each entry with the language of its catalog; its msgctxt is its name."""
    return [
        (language, message)
        for language in ("be", "ru")
        for message in read_catalog(LABELLED / f"{language}.po").messages
    ]


def wanted(label: str | list[str]) -> set[str]:
    return set() if label == "clean" else set(label)


def test_the_corpus_is_whole() -> None:
    assert {message.source.msgctxt for _, message in entries()} == set(LABELS)


@pytest.mark.parametrize(
    ("language", "message"), [pytest.param(*e, id=e[1].source.msgctxt) for e in entries()]
)
def test_an_entry_has_the_findings_of_its_label_and_no_others(language: str, message: Message) -> None:
    name = message.source.msgctxt or ""
    tolerated = NOTES.get(name, {}).get("tolerated", [])
    assert isinstance(tolerated, list)
    found = {finding.check for finding in check_message(message, language)} & CHECKS
    assert found - (set(tolerated) - wanted(LABELS[name])) == wanted(LABELS[name])


@pytest.mark.parametrize("language", ["be", "ru"])
def test_the_blocking_rules_alone_find_all_that_blocks(language: str) -> None:
    messages = [message for tag, message in entries() if tag == language]
    everything = [finding for finding in check_messages(messages, language) if blocks(finding)]
    assert everything
    assert [f for f in check_messages(messages, language, blocking=True) if blocks(f)] == everything


@pytest.mark.parametrize("path", sorted((LABELLED / "headers").glob("*.po")), ids=lambda path: path.name)
def test_a_file_has_the_findings_of_its_label_and_no_others(path: Path) -> None:
    assert {finding.check for finding in check_file(path)} & FILE_CHECKS == wanted(HEADERS[path.name])
