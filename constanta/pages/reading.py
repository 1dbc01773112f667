"""The pages that are read: home, lists, and a page for each document."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from constanta.content.records import Kind
from constanta.edition import documents, queries
from constanta.edition.documents import Article, Card
from constanta.edition.listing import area_scope, topic_scope, whole_scope
from constanta.pages.languages import negotiate_language
from constanta.pages.layout import once
from constanta.pages.site import current_connection, current_language, current_site
from constanta.pages.templating import render_page

blueprint = Blueprint("reading", __name__)

HOME_PUBLICATIONS = 5
"""How many publications the home page shows."""


@blueprint.get("/")
def index() -> Response:
    """Lead to the home page in the browser's language."""
    response = redirect(url_for("reading.home", lang=negotiate_language()))
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/<lang:lang>/")
def home() -> str:
    """Show the latest publications, the special projects and the areas of work."""
    connection, lang = current_connection(), current_language().tag
    return render_page(
        "home.html",
        publications=queries.list_latest(connection, Kind.PUBLICATION, lang, HOME_PUBLICATIONS),
        total=queries.count(connection, Kind.PUBLICATION),
        projects=_all(Kind.PROJECT),
        areas=_all(Kind.AREA),
    )


def publications(*, translated: bool, number: int, year: int | None = None, topic: str | None = None) -> str:
    """Show one page of the publications: of all, of a topic or of a year, in all languages or in one's own."""
    connection, lang = current_connection(), current_language().tag
    about = _find(Kind.TOPIC, topic) if topic else None
    scope = topic_scope(topic) if topic else Kind.PUBLICATION.value
    narrowed = whole_scope(scope, lang) if translated else scope
    years, all_years = queries.list_years(connection, scope, narrowed), queries.count(connection, narrowed)
    if year is not None:
        if str(year) not in {choice.value for choice in years}:
            abort(404)
        scope, narrowed = f"{scope}/{year}", f"{narrowed}/{year}"
    page = queries.list_page(connection, narrowed, lang, number, current_site().settings.page_size)
    if page is None:
        abort(404)
    beginnings = once("beginnings", narrowed, caller=lambda: _find_beginnings(narrowed)) if topic else {}
    return render_page(
        "publications.html",
        page=page,
        here={"translated": translated, "topic": topic, "year": year},
        topic=about,
        topics=queries.list_topics(connection, lang, translated=translated),
        years=years,
        beginnings=beginnings,
        marks={first.card: first.mark for first in beginnings.values() if first.page == number},
        all_years=all_years,
        totals=_totals(scope),
    )


for _narrowed, _chosen, _numbered in product(
    ("", "translated/"),
    ("", "<year:year>/", "topic/<slug:topic>/"),
    ("", "page/<number:number>/"),
):
    blueprint.add_url_rule(
        f"/<lang:lang>/publications/{_narrowed}{_chosen}{_numbered}",
        view_func=publications,
        defaults={"translated": bool(_narrowed)} | ({} if _numbered else {"number": 1}),
    )


@blueprint.get("/<lang:lang>/publications/<slug:slug>/")
def publication(slug: str) -> str:
    """Show a publication."""
    return _show(Kind.PUBLICATION, slug)


# Rules are added from the last decorator up, and an address is made by the first that fits: the plain one stands last.
@blueprint.get("/<lang:lang>/projects/translated/", defaults={"translated": True})
@blueprint.get("/<lang:lang>/projects/", defaults={"translated": False})
def projects(*, translated: bool) -> str:
    """Show all special projects, in all languages or in one's own."""
    scope = whole_scope(Kind.PROJECT, current_language().tag) if translated else Kind.PROJECT.value
    return render_page(
        "projects.html", cards=_all(scope), translated=translated, totals=_totals(Kind.PROJECT)
    )


@blueprint.get("/<lang:lang>/projects/<slug:slug>/")
def project(slug: str) -> str:
    """Show a special project."""
    return _show(Kind.PROJECT, slug)


@blueprint.get("/<lang:lang>/areas/")
def areas() -> str:
    """Show all areas of work."""
    return render_page("areas.html", cards=_all(Kind.AREA))


def area(slug: str, *, translated: bool, number: int) -> str:
    """Show an area of work and one page of the publications and projects that belong to it, of all or in one's own language."""
    article, lang = _find(Kind.AREA, slug), current_language().tag
    scope, size = area_scope(slug), current_site().settings.page_size
    narrowed = whole_scope(scope, lang) if translated else scope
    page = queries.list_page(current_connection(), narrowed, lang, number, size)
    if page is None:
        abort(404)
    return render_page("area.html", article=article, page=page, translated=translated, totals=_totals(scope))


for _narrowed, _numbered in product(("", "translated/"), ("", "page/<number:number>/")):
    blueprint.add_url_rule(
        f"/<lang:lang>/areas/<slug:slug>/{_narrowed}{_numbered}",
        view_func=area,
        defaults={"translated": bool(_narrowed)} | ({} if _numbered else {"number": 1}),
    )


@blueprint.get("/<lang:lang>/<slug:slug>/")
def page(slug: str) -> str:
    """Show a plain page."""
    return _show(Kind.PAGE, slug)


def _all(scope: str) -> tuple[Card, ...]:
    connection = current_connection()
    return queries.list_latest(connection, scope, current_language().tag, queries.count(connection, scope))


def _totals(scope: str) -> dict[str, int]:
    """Return how many documents a list has, and how many of them can be read wholly in the page's language."""
    connection = current_connection()
    return {
        "all": queries.count(connection, scope),
        "whole": queries.count(connection, whole_scope(scope, current_language().tag)),
    }


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a year begins in a list: the page and the card on it, both from 1, and the card's mark, to which links lead."""

    page: int
    card: int
    mark: str


def _find_beginnings(scope: str) -> dict[str, Beginning]:
    """Return where each year of a topic's list begins."""
    before, size = queries.find_years(current_connection(), scope), current_site().settings.page_size
    return {
        year: Beginning(number // size + 1, number % size + 1, f"y{year}") for year, number in before.items()
    }


def _find(kind: Kind, slug: str) -> Article:
    """Return a document, or answer 404 where there is none and 410 where it was withdrawn."""
    article = documents.find_article(current_connection(), kind, slug, current_language().tag)
    if article is None:
        abort(404)
    if article.withdrawn:
        abort(410)
    return article


def _show(kind: Kind, slug: str) -> str:
    return render_page("article.html", article=_find(kind, slug))
