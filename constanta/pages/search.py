"""The search page: `/<language>/search/?q=…`, a plain form without scripts, cookies or a trace on the server."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial
from typing import Any

from flask import Blueprint, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from constanta.content.records import Kind
from constanta.edition import queries
from constanta.edition.queries import Choice
from constanta.edition.search.find import Result, find_known_words, search
from constanta.edition.search.query import MAX_LENGTH, Query, parse_query
from constanta.edition.stemming.languages import read_words
from constanta.edition.stemming.words import list_words
from constanta.pages.languages import offered_languages
from constanta.pages.machines import ENDPOINTS
from constanta.pages.site import current_connection, current_edition, current_language, current_site

blueprint = Blueprint("search", __name__)


@blueprint.url_value_preprocessor
def keep_query(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Make the query an argument of the view, so that the links to the other languages have it too."""
    text = parse_query(request.args.get("q", "")).text
    if values is not None and text:
        values["q"] = text


@blueprint.get("/<lang:lang>/search/")
def find(q: str = "") -> Response:
    """Show what was found for a query, or how to search where there is none."""
    query = parse_query(request.args.get("q", ""))
    connection, languages = current_connection(), _languages()
    number, size = request.args.get("page", 1, type=int), current_site().settings.page_size
    hidden = {language.tag for language in current_edition().languages}.difference(languages)
    answer = search(connection, query, languages, number, size, hidden)
    if answer is None:
        abort(404)
    is_in_vain = query.words and not answer.total
    known = find_known_words(connection, query, languages, hidden) if is_in_vain else ()
    topics = queries.list_topics(connection, current_language().tag)
    text = render_template(
        "search.html",
        query=query,
        answer=answer,
        known=[(word, _query_path(word)) for word in known],
        max_length=MAX_LENGTH,
        topics=topics,
        named=_named_topics(query, topics) if number == 1 else [],
        page_path=partial(_query_path, q),
        result_path=_result_path,
    )
    return _unshared(text, query)


def _languages() -> list[str]:
    """Return the languages to search in, the reader's first."""
    own = current_language().tag
    return [own, *(language.tag for language in offered_languages() if language.tag != own)]


def _named_topics(query: Query, topics: Iterable[Choice]) -> list[Choice]:
    """Return the topics whose names have all words of a query, in any of their forms."""

    def stems(lang: str, text: str) -> set[str]:
        return {stem for _, stem in read_words(lang, list_words(text))}

    wanted_in = cache(partial(stems, text=" ".join(query.words)))
    found = []
    for topic in topics if query.words else ():
        lang = topic.label.lang or current_language().tag
        if wanted_in(lang) <= stems(lang, topic.label.text):
            found.append(topic)
    return found


def _query_path(query: str, page: int = 1) -> str:
    """Return the path of a search; made anew each time, so that no query stays in memory."""
    arguments: dict[str, Any] = {"q": query, "page": page} if page > 1 else {"q": query}
    return url_for("search.find", **arguments)


def _result_path(result: Result) -> str:
    language = current_edition().find_language(result.page_lang) or current_language()
    return url_for(ENDPOINTS[Kind(result.card.kind)], slug=result.card.slug, lang=language)


def _unshared(text: str, query: Query) -> Response:
    """Return a page that search engines leave out, and that neither caches nor the browser keep once it has a query."""
    response = make_response(text)
    response.headers["X-Robots-Tag"] = "noindex"
    if query.text:
        response.headers["Cache-Control"] = "no-store"
    return response
