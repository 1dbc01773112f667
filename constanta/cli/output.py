"""What the commands have in common: how they say problems, print JSON, and end."""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ParamSpec

import click
from flask import current_app, has_app_context
from flask.cli import ScriptInfo

from constanta.catalogs.findings import Finding
from constanta.cli.speech import Say, find_speech
from constanta.errors import ConstantaError, Problem, Sentence, SettingsError, sentence
from constanta.settings import Settings, read_settings

P = ParamSpec("P")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
"""The option of every command that prints something."""


def current_settings() -> Settings:
    """Return the settings of the application that the command runs in; without one, those of the environment.

    Commands that need no page work without the application: sooner, and also while the site cannot start.

    Raises:
        SettingsError: A value in the environment cannot be used.
    """
    info = click.get_current_context().find_object(ScriptInfo)
    if has_app_context():
        app = current_app
    elif info is not None and info.create_app is not None:
        app = info.load_app()
    else:
        # Debug mode only means here that no secret key is asked for.
        return read_settings(os.environ, debug=True)
    settings: Settings = app.extensions["constanta"].settings
    return settings


def current_speech() -> Say:
    """Return what says sentences in the language of the terminal, also that a setting cannot be used."""
    try:
        translations = current_settings().translations
    except SettingsError:
        translations = Settings().translations
    return find_speech(os.environ, translations)


def echo(text: Sentence, *, err: bool = False) -> None:
    """Print a sentence in the language of the terminal."""
    click.echo(current_speech()(text), err=err)


def echo_json(value: object) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def echo_problems(problems: Iterable[Problem]) -> None:
    """Print problems to the error output, a line each, beginning with the place as compilers write it."""
    say = current_speech()
    for problem in problems:
        place = f"{show_place(problem.path, problem.line)}: " if problem.path else ""
        click.echo(place + say(problem.text), err=True)


def echo_findings(findings: Iterable[Finding]) -> None:
    """Print findings, a line each: place, severity, id of the check, what is wrong."""
    say = current_speech()
    for finding in findings:
        place = show_place(finding.path, finding.line) if finding.path else str(finding.line)
        click.echo(f"{place}: {finding.severity} [{finding.check}] {say(finding.text)}")


def show_place(path: Path, line: int | None) -> str:
    """Return a path with a line as compilers write it; without one, it is about the whole file."""
    return f"{show_path(path)}:{line}" if line else show_path(path)


def show_path(path: Path) -> str:
    """Return a path as short as it can be opened with from the current folder; what would steer a terminal is spelled out."""
    try:
        shown = Path(os.path.abspath(path)).relative_to(Path.cwd()).as_posix()  # noqa: PTH100 - links are not followed
    except ValueError:
        shown = str(path)
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", shown)


_CONTROL = re.compile(r"[\0-\x1f\x7f-\x9f]")


def problem_record(problem: Problem) -> dict[str, Any]:
    """Return a problem for JSON."""
    return {
        "file": show_path(problem.path) if problem.path else None,
        "line": problem.line,
        "check": problem.code or None,
        "message": current_speech()(problem.text),
    }


def finding_record(finding: Finding) -> dict[str, Any]:
    """Return a finding for JSON."""
    context, msgid = finding.key or (None, None)
    return {
        "file": show_path(finding.path) if finding.path else None,
        "line": finding.line,
        "msgctxt": context,
        "msgid": msgid,
        "form": finding.form,
        "span": finding.span,
        "check": finding.check,
        "severity": finding.severity.value,
        "message": current_speech()(finding.text),
        "suggestion": finding.suggestion,
    }


def tells_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Make a command say what a person must mend and exit with 1, where it would end in a traceback."""

    @functools.wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ConstantaError as error:
            echo_problems(error.problems)
            raise SystemExit(1) from error
        except OSError as error:
            if not isinstance(error.filename, str | os.PathLike):
                raise  # not of a file, so nobody would know what to do about it
            reason = error.strerror or str(error)
            text = sentence("This cannot be read or written: %(reason)s.", reason=reason)
            echo_problems([Problem(text, Path(error.filename))])
            raise SystemExit(1) from error

    return wrapper
