"""The list of publications, with the same queries as Constanta's own: index ranges, and nothing counted while reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, override
from shared_site import LANGUAGES, NAMES

from publications.models import Rendition, Scope

PAGE_SIZE = 10


def publications(request: HttpRequest, number: int = 1) -> HttpResponse:
    """Show one page of the publications."""
    language = get_language() or ""
    topics, areas = (list(_renditions(scope, language)) for scope in ("topics", "areas"))
    sizes = _sizes(language, topics, areas)
    total = sizes.get("publications", 0)
    page = Paginator(range(total), PAGE_SIZE).page(number)
    return render(
        request,
        "publications.html",
        {
            "language": language,
            "names": NAMES[language],
            "alternates": _alternates(number),
            "sections": _sections(),
            "list_path": reverse("publications"),
            "page_of_list": page,
            "cards": _cards(page, total, language, topics),
            "topics": [_choice(topic, sizes, "publications/topic") for topic in topics],
            "areas": [_choice(area, sizes, "areas") for area in areas],
            "years": _years(),
            "totals": {
                "all": total,
                "whole": sizes.get(f"in/{language}/publications", 0),
                "projects": sizes.get("projects", 0),
            },
        },
    )


def publication(_request: HttpRequest, slug: str) -> HttpResponse:
    """Show a publication; not measured."""
    raise Http404(slug)


def _renditions(scope: str, language: str, **places: object) -> QuerySet[Rendition]:
    """Return the documents of a list in a language, the newest first."""
    return (
        Rendition.objects.filter(
            lang=language,
            document__listings__scope=scope,
            **{f"document__listings__{name}": value for name, value in places.items()},
        )
        .select_related("document")
        .order_by("-document__listings__place")
    )


def _cards(page: Page, total: int, language: str, topics: Iterable[Rendition]) -> list[Rendition]:
    last = total - (page.number - 1) * PAGE_SIZE
    cards = list(_renditions("publications", language, place__range=(last - PAGE_SIZE + 1, last)))
    names = {topic.document.slug: topic for topic in topics}
    for card in cards:
        card.day = dt.date.fromisoformat(card.document.date) if card.document.date else None
        card.topics = [names[slug] for slug in card.document.topics if slug in names]
        card.versions = [
            (NAMES[language][lang], card.document.available[lang])
            for lang, _ in LANGUAGES
            if card.document.available.get(lang, "missing") != "missing"
        ]
        card.language_name = NAMES[language].get(card.title_lang or card.summary_lang)
        card.reason = card.title_reason if card.title_lang else card.summary_reason
    return cards


def _sizes(language: str, topics: Iterable[Rendition], areas: Iterable[Rendition]) -> dict[str, int]:
    names = ["publications", f"in/{language}/publications", "projects"]
    names += [f"publications/topic/{topic.document.slug}" for topic in topics]
    names += [f"areas/{area.document.slug}" for area in areas]
    return dict(Scope.objects.filter(name__in=names).values_list("name", "size"))


@dataclass(frozen=True)
class Choice:
    """A way to narrow the list down."""

    slug: str
    title: str
    title_lang: str | None
    total: int


def _choice(rendition: Rendition, sizes: dict[str, int], scope: str) -> Choice:
    slug = rendition.document.slug
    return Choice(slug, rendition.title, rendition.title_lang, sizes.get(f"{scope}/{slug}", 0))


def _years() -> list[dict[str, Any]]:
    rows = Scope.objects.filter(name__range=("publications/0", "publications/9999~")).values_list(
        "name", "size"
    )
    sizes = {name.removeprefix("publications/"): size for name, size in rows}
    return [{"year": year, "total": sizes[year]} for year in sorted(sizes, reverse=True) if year.isdigit()]


def _alternates(number: int) -> list[dict[str, str]]:
    alternates = []
    for tag, name in LANGUAGES:
        with override(tag):
            path = reverse("publications", args=[number]) if number > 1 else reverse("publications")
        alternates.append({"language": tag, "name": name, "path": path})
    return alternates


def _sections() -> list[dict[str, Any]]:
    return [
        {"path": reverse(name), "label": label, "current": name == "publications"}
        for name, label in (
            ("publications", gettext("Publications")),
            ("projects", gettext("Special projects")),
            ("areas", gettext("Areas of work")),
            ("newsletter", gettext("Newsletter")),
            ("search", gettext("Search")),
        )
    ]
