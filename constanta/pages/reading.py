"""The pages that are read: home, lists, and a page for each document."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from constanta.content.records import Kind
from constanta.edition import queries
from constanta.edition.listing import topic_scope
from constanta.edition.queries import Article
from constanta.pages.languages import negotiate_language
from constanta.pages.site import current_connection, current_language, current_site

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
    return render_template(
        "home.html",
        publications=queries.list_latest(connection, Kind.PUBLICATION, lang, HOME_PUBLICATIONS),
        total=queries.count(connection, Kind.PUBLICATION),
        projects=_all(Kind.PROJECT),
        areas=_all(Kind.AREA),
    )


@blueprint.get("/<lang:lang>/publications/", defaults={"number": 1})
@blueprint.get("/<lang:lang>/publications/page/<int:number>/")
@blueprint.get("/<lang:lang>/publications/<year:year>/", defaults={"number": 1})
@blueprint.get("/<lang:lang>/publications/<year:year>/page/<int:number>/")
@blueprint.get("/<lang:lang>/publications/topic/<slug:topic>/", defaults={"number": 1})
@blueprint.get("/<lang:lang>/publications/topic/<slug:topic>/page/<int:number>/")
@blueprint.get("/<lang:lang>/publications/topic/<slug:topic>/<year:year>/", defaults={"number": 1})
@blueprint.get("/<lang:lang>/publications/topic/<slug:topic>/<year:year>/page/<int:number>/")
def publications(number: int, year: int | None = None, topic: str | None = None) -> str:
    """Show one page of the publications, of all or of a topic, of all years or of one."""
    connection, lang = current_connection(), current_language().tag
    about = _find(Kind.TOPIC, topic) if topic else None
    scope = topic_scope(topic) if topic else Kind.PUBLICATION.value
    years = queries.list_years(connection, scope)
    if year is not None:
        if str(year) not in {choice.value for choice in years}:
            abort(404)
        scope = f"{scope}/{year}"
    page = queries.list_page(connection, scope, lang, number, current_site().settings.page_size)
    if page is None:
        abort(404)
    return render_template(
        "publications.html",
        page=page,
        year=year,
        topic=about,
        years=years,
        topics=queries.list_topics(connection, lang),
        all_total=queries.count(connection, Kind.PUBLICATION),
    )


@blueprint.get("/<lang:lang>/publications/<slug:slug>/")
def publication(slug: str) -> str:
    """Show a publication."""
    return _show(Kind.PUBLICATION, slug)


@blueprint.get("/<lang:lang>/projects/")
def projects() -> str:
    """Show all special projects."""
    return render_template("projects.html", cards=_all(Kind.PROJECT))


@blueprint.get("/<lang:lang>/projects/<slug:slug>/")
def project(slug: str) -> str:
    """Show a special project."""
    return _show(Kind.PROJECT, slug)


@blueprint.get("/<lang:lang>/areas/")
def areas() -> str:
    """Show all areas of work."""
    return render_template("areas.html", cards=_all(Kind.AREA))


@blueprint.get("/<lang:lang>/areas/<slug:slug>/")
def area(slug: str) -> str:
    """Show an area of work and the newest documents of its topics."""
    article = _find(Kind.AREA, slug)
    scopes = [f"{Kind.AREA}/{slug}", *(f"{Kind.TOPIC}/{topic}" for topic in article.topics)]
    size = current_site().settings.page_size
    cards = queries.list_merged(current_connection(), scopes, current_language().tag, size)
    return render_template("area.html", article=article, topics=_topics(article), cards=cards)


@blueprint.get("/<lang:lang>/<slug:slug>/")
def page(slug: str) -> str:
    """Show a plain page."""
    return _show(Kind.PAGE, slug)


def _all(kind: Kind) -> tuple[queries.Card, ...]:
    connection = current_connection()
    return queries.list_latest(connection, kind, current_language().tag, queries.count(connection, kind))


def _find(kind: Kind, slug: str) -> Article:
    """Return a document, or answer 404 where there is none and 410 where it was withdrawn."""
    article = queries.find_article(current_connection(), kind, slug, current_language().tag)
    if article is None:
        abort(404)
    if article.withdrawn:
        abort(410)
    return article


def _topics(article: Article) -> list[queries.Choice]:
    choices = queries.list_topics(current_connection(), current_language().tag)
    return [choice for choice in choices if choice.value in article.topics]


def _show(kind: Kind, slug: str) -> str:
    article = _find(kind, slug)
    return render_template("article.html", article=article, topics=_topics(article))
