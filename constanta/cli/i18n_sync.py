"""`flask i18n sync` and `compile`: sources into catalogs, catalogs into what is served."""

from __future__ import annotations

from pathlib import Path

import click

from constanta.catalogs.compile import compile_catalogs
from constanta.catalogs.plan import Planned
from constanta.catalogs.po import State
from constanta.catalogs.sync import SyncReport, add_language, sync_catalogs
from constanta.cli.output import (
    current_settings,
    echo,
    echo_findings,
    echo_json,
    echo_problems,
    finding_record,
    json_option,
    problem_record,
    show_path,
    tells_errors,
)
from constanta.errors import sentence
from constanta.locales import parse_language


@click.command("sync")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a sync would change a file.")
@click.option(
    "--trivial", is_flag=True, help="Keep translations current where a source changed only in spelling."
)
@click.option(
    "--accept-loss", is_flag=True, help="Go on where more than a tenth of a catalog's messages vanish."
)
@json_option
@tells_errors
def sync(*, check: bool, trivial: bool, accept_loss: bool, as_json: bool) -> None:
    """Take new and changed texts into every catalog.

    Translations are never lost: they stay current, become outdated where their source changed, or stay in the file as
    obsolete where it is gone. Exits with 1 where a catalog cannot be read or too much would vanish at once.
    """
    report = sync_catalogs(current_settings(), write=not check, accept_loss=accept_loss, trivial=trivial)
    if as_json:
        echo_json(_sync_record(report))
    else:
        _echo_sync(report, check=check)
    if report.problems or report.refused or (check and report.changed):
        raise SystemExit(1)


def _echo_sync(report: SyncReport, *, check: bool) -> None:
    for plan in report.changed:
        click.echo(_change_line(plan))
    echo_problems(report.problems)
    echo_problems(report.refused)
    number = len(report.changed)
    if report.refused:
        echo(sentence("Nothing was written. If this is meant, run: flask i18n sync --accept-loss"), err=True)
    elif not number and report.problems:
        echo(sentence("All other catalogs are up to date."))
    elif not number:
        echo(sentence("Every catalog is up to date."))
    elif check:
        echo(
            sentence("Files that a sync would change: %(number)s. Run: flask i18n sync", number=number),
            err=True,
        )
    else:
        echo(sentence("Files written: %(number)s.", number=number))


def _change_line(plan: Planned) -> str:
    if plan.language is None:
        return show_path(plan.path)
    counts = [f"{state} {number}" for state in State if (number := plan.states.get(state))]
    if plan.merge and plan.merge.vanished:
        counts.append(f"vanished {len(plan.merge.vanished)}")
    return f"{show_path(plan.path)}: {', '.join(counts)}" if counts else show_path(plan.path)


def _sync_record(report: SyncReport) -> dict[str, object]:
    return {
        "changed": [
            {
                "file": show_path(plan.path),
                "moved_from": show_path(plan.moved_from) if plan.moved_from else None,
                "removed": plan.data is None,
                "vanished": len(plan.merge.vanished) if plan.merge else 0,
                **{state.value: plan.states.get(state, 0) for state in State},
            }
            for plan in report.changed
        ],
        "problems": [problem_record(problem) for problem in report.problems],
        "refused": [problem_record(problem) for problem in report.refused],
    }


@click.command("add")
@click.argument("locale")
@json_option
@tells_errors
def add(*, locale: str, as_json: bool) -> None:
    """Add the language LOCALE (pl, uk, lt, pt-BR): create its catalogs, with its plural rule.

    It joins the language switcher once enough of the interface is translated; until then it has a preview address.
    """
    settings = current_settings()
    language = parse_language(locale.replace("_", "-"))
    planned = add_language(settings, language)
    if as_json:
        echo_json(
            {
                "language": language.tag,
                "name": language.endonym,
                "plural_forms": language.plural_forms,
                "files": [show_path(plan.path) for plan in planned],
            }
        )
        return
    click.echo(f"{language.tag}: {language.endonym}; {language.plural_forms}")
    echo(sentence("Files written: %(number)s.", number=len(planned)))
    share = round(settings.preview_share * 100)
    echo(sentence("The language joins the switcher at %(share)s %% of the interface.", share=share))


@click.command("compile")
@click.argument("target", required=False, type=click.Path(file_okay=False, path_type=Path))
@json_option
@tells_errors
def compile_(*, target: Path | None, as_json: bool) -> None:
    """Check every translation and compile the interface's catalogs into TARGET (translations/ where none is named).

    A translation that fails an error check is left out and its source is shown instead. Exits with 1 where any is left
    out, or a catalog cannot be read.
    """
    settings = current_settings()
    compiled = compile_catalogs(settings.translations, target or settings.translations)
    if as_json:
        echo_json(
            {
                "compiled": [show_path(path) for path in compiled.files],
                "left_out": [finding_record(finding) for finding in compiled.left_out],
                "problems": [problem_record(problem) for problem in compiled.problems],
            }
        )
    else:
        echo_problems(compiled.problems)
        echo_findings(compiled.left_out)
        number = len({(finding.path, finding.key) for finding in compiled.left_out})
        echo(
            sentence(
                "Files compiled: %(files)s. Translations left out: %(number)s.",
                files=len(compiled.files),
                number=number,
            )
        )
    if compiled.left_out or compiled.problems:
        raise SystemExit(1)
