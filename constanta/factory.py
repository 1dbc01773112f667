"""The one place where everything is put together: the site, what developers need, and the commands."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
from flask import Flask
from flask.helpers import get_debug_flag

from constanta.cli import lazy
from constanta.cli.output import show_path
from constanta.cli.speech import Say, find_speech, speech_of
from constanta.content.renditions import Text
from constanta.edition.working import WorkingEdition
from constanta.errors import Problem, SettingsError
from constanta.locales import SOURCE_LANGUAGE, Language
from constanta.pages.site import Site
from constanta.serving import assemble, serve_editions
from constanta.settings import Settings, read_settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the site as a WSGI application, with its commands.

    Args:
        settings: The settings; read from the environment where none are given.

    Raises:
        SettingsError: A setting is missing or cannot be used.
    """
    try:
        settings = settings or read_settings(_environment(), debug=get_debug_flag())
        app = _create_working_site(settings) if settings.debug else serve_editions(settings)
    except SettingsError as error:
        if _is_command():
            raise _say(error) from error
        raise
    for command in (lazy.publish, lazy.edition, lazy.i18n, lazy.newsletter):
        app.cli.add_command(command)
    return app


def _say(error: SettingsError) -> click.ClickException:
    """Return what ends a command with the error in the language of the terminal."""
    say = find_speech(os.environ, Settings().translations)
    places = [f"{problem.place()}: " if problem.path else "" for problem in error.problems]
    texts = [say(problem.text) for problem in error.problems]
    return click.ClickException("\n".join(map("".join, zip(places, texts, strict=True))))


def _create_working_site(settings: Settings) -> Flask:
    working = WorkingEdition(settings)
    return assemble(Site(settings, working, partial(_tell_problems, settings, working)))


def _tell_problems(settings: Settings, working: WorkingEdition, language: Language) -> list[Text]:
    """Return what is broken, each in a language where the catalog of the tools has the sentence, else in English."""
    if not working.problems:
        return []
    say = speech_of(language, settings.translations)
    return [_tell(problem, say, language) for problem in working.problems]


def _tell(problem: Problem, say: Say, language: Language) -> Text:
    place = replace(problem, path=Path(show_path(problem.path))).place() if problem.path else ""
    said = say(problem.text)
    is_source = language.tag != SOURCE_LANGUAGE and said == str(problem.text)
    return Text(f"{place}: {said}" if place else said, SOURCE_LANGUAGE if is_source else None)


def _environment() -> Mapping[str, str]:
    """Return the environment; a command serves nobody, so it gets a secret for as long as it runs.

    Translators and the newsletter's operator run commands on machines that have none of the site's settings.
    """
    if _is_command() and not os.environ.get("CONSTANTA_SECRET_KEY"):
        return {**os.environ, "CONSTANTA_SECRET_KEY": secrets.token_hex(32)}
    return os.environ


def _is_command() -> bool:
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true"
