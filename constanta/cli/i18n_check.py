"""`flask i18n check`: what is wrong with translations, for people and for machines."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from constanta.catalogs.checks.entries import blocks, count_suppressions, tells_state
from constanta.catalogs.checks.files import check_catalog, check_file
from constanta.catalogs.correct import Correction, correct_catalog
from constanta.catalogs.findings import Finding, Severity
from constanta.catalogs.paths import find_catalogs
from constanta.catalogs.po import Key, Message, read_catalog, write_catalog
from constanta.catalogs.report import format_annotation, format_finding
from constanta.cli.output import (
    current_settings,
    current_speech,
    echo,
    echo_json,
    finding_record,
    json_option,
    show_path,
    show_place,
    tells_errors,
)
from constanta.errors import CatalogError, sentence
from constanta.locales import find_languages


@dataclass(slots=True)
class Checked:
    """What was found in one file.

    Attributes:
        findings: What is wrong, after the corrections where they were asked for.
        messages: The messages by key; empty where the file cannot be read.
        silenced: How many messages switch each check off.
        corrections: The corrections that were made.
    """

    findings: list[Finding]
    messages: Mapping[Key, Message] = field(default_factory=dict)
    silenced: Counter[str] = field(default_factory=Counter)
    corrections: list[Correction] = field(default_factory=list)


@click.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How findings are printed: for people, as a JSON list, or as annotations of GitHub Actions.",
)
@click.option("--fix", is_flag=True, help="Make the safe corrections, and show each.")
@json_option
@tells_errors
def check(*, files: tuple[Path, ...], form: str, fix: bool, as_json: bool) -> None:
    """Check FILES (.po, in or out of the project; every catalog where none is named).

    Exits with 1 where an error keeps a translation out of what is served, or a file cannot be read. A missing or fuzzy
    translation is a finding, but no failure.
    """
    form = "json" if as_json else form
    paths = files or _find_all(current_settings().translations)
    found: list[Finding] = []
    silenced: Counter[str] = Counter()
    with click.progressbar(paths, hidden=form != "text", file=sys.stderr) as progress:
        results = [(path, _check(path, fix=fix)) for path in progress]
    for path, checked in results:
        found += checked.findings
        silenced += checked.silenced
        _echo_corrections(path, checked.corrections, err=form != "text")
        if form != "json":
            _echo_findings(checked, path, form)
    if form == "json":
        echo_json([finding_record(finding) for finding in found])
    elif form == "text":
        _echo_summary(found, silenced)
    if any(map(blocks, found)):
        raise SystemExit(1)


def _find_all(translations: Path) -> tuple[Path, ...]:
    find_languages(translations)  # refuses a folder of no language, whose catalogs no other command would see
    return tuple(find_catalogs(translations))


def _check(path: Path, *, fix: bool) -> Checked:
    try:
        catalog = read_catalog(path)
    except CatalogError:
        return Checked(check_file(path))
    corrections: list[Correction] = []
    if fix:
        corrected, corrections = correct_catalog(catalog)
        if corrections:
            write_catalog(path, corrected)
            catalog = read_catalog(path)
    return Checked(
        check_catalog(catalog), catalog.by_key(), count_suppressions(catalog.messages), corrections
    )


def _echo_findings(checked: Checked, path: Path, form: str) -> None:
    say = current_speech()
    for finding in checked.findings:
        if form == "github":
            click.echo(format_annotation(finding, show_path(path), say))
        elif not _is_missing(finding, checked.messages):
            place = show_place(path, finding.line)
            click.echo("\n".join(format_finding(finding, place, checked.messages, say)))


def _is_missing(finding: Finding, messages: Mapping[Key, Message]) -> bool:
    """Return whether a finding only says that a message is not translated yet; people count these, and read the rest."""
    message = messages.get(finding.key) if finding.key is not None else None
    return tells_state(finding) and message is not None and not message.translated


def _echo_corrections(path: Path, corrections: list[Correction], *, err: bool) -> None:
    for correction in corrections:
        line = correction.before.msgstr_line
        click.echo(f"{show_path(path)}:{line}: fixed [{', '.join(correction.checks)}]", err=err)
        for before, after in zip(correction.before.msgstr, correction.after.msgstr, strict=True):
            if before != after:
                click.echo(f"  - {before}\n  + {after}", err=err)


def _echo_summary(found: list[Finding], silenced: Counter[str]) -> None:
    counts = Counter(finding.severity for finding in found if not tells_state(finding))
    states = sum(map(tells_state, found))
    echo(
        sentence(
            "Errors: %(errors)s. Warnings: %(warnings)s. Remarks: %(remarks)s. Missing or fuzzy: %(states)s.",
            errors=counts[Severity.ERROR],
            warnings=counts[Severity.WARNING],
            remarks=counts[Severity.INFO],
            states=states,
        )
    )
    if silenced:
        checks = ", ".join(f"{check} {number}" for check, number in sorted(silenced.items()))
        echo(sentence("Switched off by nocheck: %(checks)s.", checks=checks))
