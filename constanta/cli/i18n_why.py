"""`flask i18n why`: where a text comes from, and why it is or is not translated."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import partial
from gettext import NullTranslations
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from werkzeug.test import Client

from constanta.catalogs.explain import Explained, Explainer, Verdict
from constanta.cli.output import (
    current_settings,
    current_speech,
    echo,
    echo_json,
    echo_problems,
    json_option,
    show_path,
    tells_errors,
)
from constanta.content.markdown import render_body
from constanta.content.renditions import Text
from constanta.errors import EditionError, Problem, sentence
from constanta.pages.languages import PREVIEW
from constanta.pages.recording import record_messages

_MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


@click.command("why")
@click.argument("text_or_url")
@json_option
@with_appcontext
@tells_errors
def why(*, text_or_url: str, as_json: bool) -> None:
    """Say where a text comes from and why it is or is not translated in each language.

    For an address of the site (https://…/be/ or /be/), list the messages on that page with their state. Exits with 1
    where nothing is found.
    """
    explainer = Explainer(current_settings(), _published())
    is_address = text_or_url.startswith(("/", "http://", "https://"))
    found = _on_page(explainer, _path_of(text_or_url)) if is_address else explainer.find(text_or_url)
    unmarked = [] if found or is_address else explainer.find_unmarked(text_or_url)
    if as_json:
        places = [{"file": show_path(path), "line": line} for path, line in unmarked]
        echo_json({"messages": [_record(explained) for explained in found], "not_extracted": places})
    else:
        for explained in found:
            _echo(explained)
        text = sentence("The text stands here, but is not marked for translation.")
        echo_problems(Problem(text, path, line) for path, line in unmarked)
        echo_problems(explainer.problems)
        if not found and not unmarked:
            echo(sentence("Nothing was found."), err=True)
    if not found:
        raise SystemExit(1)


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path or "/"
    except ValueError as error:
        text = sentence("“%(address)s” is no address.", address=address)
        raise EditionError.at(None, None, text) from error


def _published() -> Mapping[str, NullTranslations]:
    """Return the catalogs that the site serves, by locale; none where no edition is published."""
    try:
        translations: Mapping[str, NullTranslations] = _edition().translations
    except EditionError:
        return {}
    return translations


def _edition() -> Any:
    return current_app.extensions["constanta"].open_edition()


def _on_page(explainer: Explainer, path: str) -> list[Explained]:
    """Return the messages on a page, in its language: those of the interface in their order, then the documents'."""
    edition, app = _edition(), current_app
    # Not from the pages that were published: those ask for no message any more.
    render = Client(partial(Flask.wsgi_app, app), app.response_class)
    with record_messages(edition) as asked:
        response = render.get(path, base_url=current_settings().base_url)
    language = edition.find_language(path.removeprefix(f"/{PREVIEW}").partition("/")[2].partition("/")[0])
    if language is None or response.status_code != 200:
        return []
    shown = _visible(response.text)
    everything = [explainer.explain(*entry, tags=[language.tag]) for entry in explainer.messages()]
    interface = {e.message.key: e for e in everything if e.name == "messages"}
    documents = [e for e in everything if "/" in e.name and _stands_in(e, shown)]
    return [*(interface[key] for key in asked if key in interface), *documents]


def _stands_in(explained: Explained, shown: str) -> bool:
    """Return whether a document's text, in the source or in the language, stands in the visible text of a page."""
    texts = filter(None, (explained.message.source.msgid, *explained.verdicts[0].msgstr))
    return any(" ".join(text.split()) in shown or _rendered(text) in shown for text in texts)


def _rendered(text: str) -> str:
    return _visible("".join(run.html for run in render_body(text, Text)))


def _visible(page: str) -> str:
    return " ".join(html.unescape(_MARKUP.sub(" ", page)).split())


def _echo(explained: Explained) -> None:
    say = current_speech()
    source = explained.message.source
    context = f" [{source.msgctxt}]" if source.msgctxt is not None else ""
    click.echo(f"{', '.join(explained.message.references)}{context}: {source.msgid}")
    for verdict in explained.verdicts:
        place = f"  {show_path(verdict.path)}:{verdict.line}" if verdict.path and verdict.line else ""
        click.echo(f"  {verdict.language}: {say(verdict.text)}{place}")
        for detail in verdict.details:
            click.echo(f"      {say(detail)}")


def _record(explained: Explained) -> dict[str, object]:
    source = explained.message.source
    return {
        "catalog": explained.name,
        "msgctxt": source.msgctxt,
        "msgid": source.msgid,
        "references": explained.message.references,
        "languages": [_verdict_record(verdict) for verdict in explained.verdicts],
    }


def _verdict_record(verdict: Verdict) -> dict[str, object]:
    say = current_speech()
    return {
        "language": verdict.language,
        "reason": verdict.reason.value,
        "message": say(verdict.text),
        "file": show_path(verdict.path) if verdict.path else None,
        "line": verdict.line,
        "msgstr": verdict.msgstr,
        "details": [say(detail) for detail in verdict.details],
    }
