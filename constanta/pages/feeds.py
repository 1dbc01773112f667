"""Publications to take away: feeds with the full text (Atom, JSON Feed) and the whole list (CSV, JSON)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Any

from flask import Blueprint, Response, abort, stream_with_context
from flask_babel import gettext as _

from constanta.content.records import Kind, PartialDate
from constanta.content.renditions import Run
from constanta.edition import documents, queries
from constanta.edition.documents import Article, Card
from constanta.edition.listing import area_scope, topic_scope, whole_scope
from constanta.edition.statement import encode_json
from constanta.pages.languages import absolute, own_address
from constanta.pages.layout import listing_path, once
from constanta.pages.links import path_for
from constanta.pages.machines import ENDPOINTS
from constanta.pages.site import current_connection, current_language
from constanta.pages.templating import render_page

blueprint = Blueprint("feeds", __name__)

FEED_SIZE = 20
"""How many publications a feed holds."""

COLUMNS = (
    "title",
    "title_language",
    "summary",
    "summary_language",
    "date",
    "topics",
    "availability",
    "address",
)
"""What a whole list says of each publication."""


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest documents of a list.

    Attributes:
        name: What the list is called.
        home: The path of the list.
        cards: Its newest documents; the text of each is read where it is not known yet what a feed says of it.
    """

    name: str
    home: str
    cards: tuple[Card, ...]


def _read_feed(topic: str | None, area: str | None, kind: str, *, translated: bool) -> Feed:
    if topic:
        scope, name = topic_scope(topic), _name_of(Kind.TOPIC, topic)
        home = listing_path(topic=topic, translated=translated)
    elif area:
        scope, name = area_scope(area), _name_of(Kind.AREA, area)
        home = path_for("reading.area", slug=area, translated=translated)
    elif kind == Kind.PROJECT:
        scope, name = kind, _("Special projects")
        home = path_for("reading.projects", translated=translated)
    else:
        scope, name, home = kind, _("Publications"), listing_path(translated=translated)
    if translated:
        return _newest(
            whole_scope(scope, current_language().tag), f"{name} — {_('Only in this language')}", home
        )
    return _newest(scope, name, home)


def _name_of(kind: Kind, slug: str) -> str:
    about = documents.find_article(current_connection(), kind, slug, current_language().tag)
    if about is None or about.withdrawn:
        abort(404)
    return about.title.text


def _newest(scope: str, name: str, home: str) -> Feed:
    lang = current_language().tag
    return Feed(name, home, queries.list_latest(current_connection(), scope, lang, FEED_SIZE))


def _read(card: Card) -> Article:
    """Return a document with its text, of which a list has the card."""
    article = documents.find_article(current_connection(), card.kind, card.slug, current_language().tag)
    if article is None:
        abort(404)
    return article


def atom(*, translated: bool, topic: str | None = None, area: str | None = None, kind: str = "") -> Response:
    """Answer with the newest documents of a kind, a topic or an area, as an Atom feed (RFC 4287)."""
    feed = _read_feed(topic, area, kind, translated=translated)
    text = render_page("feed.xml", feed=feed, read=_read)
    return Response(text, mimetype="application/atom+xml")


def json_feed(
    *, translated: bool, topic: str | None = None, area: str | None = None, kind: str = ""
) -> Response:
    """Answer with the newest documents of a kind, a topic or an area, as a JSON Feed (version 1.1)."""
    feed = _read_feed(topic, area, kind, translated=translated)
    described = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Human Constanta — {feed.name}",
        "home_page_url": absolute(feed.home),
        "feed_url": own_address(),
        "language": current_language().tag,
    }
    items = [once("item", card.kind, card.slug, caller=partial(_feed_item, card)) for card in feed.cards]
    text = f'{_encode(described)[:-2]},\n "items": [{",".join(items)}]\n}}\n'
    return Response(text, mimetype="application/feed+json")


def _all_of(kind: Kind) -> dict[str, Any]:
    return {"topic": None, "area": None, "kind": kind.value}


_FEEDS: tuple[tuple[str, bool, dict[str, Any]], ...] = (
    ("", False, _all_of(Kind.PUBLICATION)),
    ("publications/translated/", True, _all_of(Kind.PUBLICATION)),
    ("projects/", False, _all_of(Kind.PROJECT)),
    ("projects/translated/", True, _all_of(Kind.PROJECT)),
    ("publications/topic/<slug:topic>/", False, {}),
    ("publications/translated/topic/<slug:topic>/", True, {}),
    ("areas/<slug:area>/", False, {}),
    ("areas/<slug:area>/translated/", True, {}),
)
"""The addresses of feeds, whether they hold only what is wholly in the page's language, and what they are of."""

for _path, _translated, _given in _FEEDS:
    for _name, _view in (("atom", atom), ("json", json_feed)):
        blueprint.add_url_rule(
            f"/<lang:lang>/{_path}feed.{_name}",
            view_func=_view,
            defaults={"translated": _translated, **_given},
        )


def _feed_item(card: Card) -> str:
    """Return what a JSON Feed says of a document, as JSON: it stands in the feeds of its topics, areas and languages."""
    article = _read(card)
    address = _address(article.kind, article.slug)
    item = {
        "id": address,
        "url": address,
        "title": article.title.text,
        "summary": article.summary.text,
        "content_html": "".join(map(_marked, article.body)),
        "language": article.title.lang or current_language().tag,
        "tags": list(article.topics),
    }
    if _is_day(article.date):
        item["date_published"] = f"{article.date}T00:00:00Z"
    return _encode(item)


def _is_day(date: PartialDate | None) -> bool:
    return date is not None and not date.is_range and date.start.day is not None


def _marked(run: Run) -> str:
    return f'<div lang="{run.lang}">{run.html}</div>' if run.lang else run.html


def _address(kind: Kind, slug: str) -> str:
    return absolute(path_for(ENDPOINTS[kind], slug=slug))


@blueprint.get("/<lang:lang>/publications.json")
def json_list() -> Response:
    """Answer with all publications as JSON: a list of objects with the keys of `COLUMNS`."""

    def lines() -> Iterator[str]:
        separator = "["
        for line in _all_publications():
            yield f"{separator}\n{encode_json(line)}"
            separator = ","
        yield "\n]\n" if separator == "," else "[]\n"

    return _stream(lines(), "application/json")


@blueprint.get("/<lang:lang>/publications.csv")
def csv_list() -> Response:
    """Answer with all publications as CSV (RFC 4180), with a first row of names.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    rows = (map(_cell, line.values()) for line in _all_publications())
    response = _stream(map(csv.writer(_Echo()).writerow, chain([COLUMNS], rows)), "text/csv")
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"publications-{current_language().tag}.csv"
    )
    return response


def _stream(lines: Iterator[str], mimetype: str) -> Response:
    """Return the answer of many lines: in blocks, for each piece costs as much as making a line."""
    blocks = iter(lambda: "".join(islice(lines, _BLOCK)), "")
    return Response(stream_with_context(blocks), mimetype=mimetype)


_BLOCK = 64
"""How many lines of a whole list are sent at once."""


def _all_publications() -> Iterator[dict[str, Any]]:
    """Yield what a whole list says of each publication, by the names of `COLUMNS` and in their order."""
    own = current_language().tag
    before, after = _address(Kind.PUBLICATION, "slug").rsplit("slug", 1)
    for line in documents.iterate_lines(current_connection(), Kind.PUBLICATION, own):
        yield {
            "title": line.title,
            "title_language": line.title_lang or own,
            "summary": line.summary,
            "summary_language": line.summary_lang or own,
            "date": line.date or "",
            "topics": documents.read_topics(line.topics),
            "availability": line.state,
            "address": f"{before}{line.slug}{after}",
        }


class _Echo:
    """What the writer of CSV writes to, and so returns."""

    def write(self, text: str) -> str:
        return text


_FORMULA = frozenset("=+-@\t\r")


def _cell(value: str | tuple[str, ...]) -> str:
    text = " ".join(value) if isinstance(value, tuple) else value
    return f"'{text}" if text[:1] in _FORMULA else text


def _encode(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
