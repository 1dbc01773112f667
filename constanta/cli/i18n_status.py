"""`flask i18n status`: how far each catalog is."""

from __future__ import annotations

from collections import Counter

import click

from constanta.catalogs.findings import Severity
from constanta.catalogs.po import State
from constanta.catalogs.status import CatalogStatus, find_status
from constanta.cli.output import (
    current_settings,
    echo_json,
    echo_problems,
    json_option,
    problem_record,
    show_path,
    tells_errors,
)

_COLUMNS = ("current", "outdated", "needs-work", "missing", "words left", "errors", "warnings")


@click.command("status")
@json_option
@tells_errors
def status(*, as_json: bool) -> None:
    """Show how far each catalog of each language is, as the sources are now.

    Words left are those of the source texts without a current translation. Exits with 1 where a catalog cannot be read.
    """
    statuses, problems = find_status(current_settings())
    if as_json:
        echo_json(
            {
                "catalogs": [_record(status) for status in statuses],
                "problems": [problem_record(problem) for problem in problems],
            }
        )
    else:
        _echo_table(statuses)
        echo_problems(problems)
    if problems:
        raise SystemExit(1)


def _figures(status: CatalogStatus) -> tuple[int, ...]:
    return (
        *(status.states.get(state, 0) for state in State),
        status.words_left,
        status.findings.get(Severity.ERROR, 0),
        status.findings.get(Severity.WARNING, 0),
    )


def _record(status: CatalogStatus) -> dict[str, object]:
    names = (name.replace("-", "_").replace(" ", "_") for name in _COLUMNS)
    return {
        "language": status.language,
        "name": status.name,
        "file": show_path(status.path),
        **dict(zip(names, _figures(status), strict=True)),
    }


def _echo_table(statuses: list[CatalogStatus]) -> None:
    width = max((len(status.name) for status in statuses), default=0)
    click.echo(" ".join([" " * (width + 6), *(f"{name:>10}" for name in _COLUMNS)]))
    totals: dict[str, Counter[int]] = {}
    for status in statuses:
        click.echo(_row(status.language, status.name, _figures(status), width))
        totals.setdefault(status.language, Counter()).update(dict(enumerate(_figures(status))))
    for language, total in totals.items():
        click.echo(_row(language, "=", tuple(total[column] for column in range(len(_COLUMNS))), width))


def _row(language: str, name: str, figures: tuple[int, ...], width: int) -> str:
    return " ".join([f"{language:<6}{name:<{width}}", *(f"{figure:>10}" for figure in figures)])
