"""A tree of pages in each language: home, the list of publications, and the publications."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from modelcluster.fields import ParentalManyToManyField
from shared_site import LANGUAGES, NAMES
from wagtail.fields import RichTextField
from wagtail.models import Page, TranslatableMixin

PAGE_SIZE = 10


class Total(models.Model):
    """How many documents a list has, so that nothing is counted while reading; under the names of Constanta's lists."""

    name = models.TextField(primary_key=True)
    size = models.IntegerField()


class Label(TranslatableMixin):
    """A topic or an area of work in a language."""

    kind = models.TextField()
    slug = models.TextField()
    place = models.IntegerField()
    title = models.TextField()
    title_lang = models.TextField(null=True, blank=True)

    class Meta(TranslatableMixin.Meta):
        indexes = (models.Index(fields=("kind", "locale", "place")),)


class HomePage(Page):
    """The home page of a language."""


class SectionPage(Page):
    """Another section, for the menu."""


class PublicationsPage(Page):
    """The list of publications in a language."""

    template = "publications.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what the template needs."""
        language = self.locale.language_code
        sizes = dict(Total.objects.values_list("name", "size"))
        labels = list(Label.objects.filter(locale=self.locale).order_by("-place"))
        page = self._paginate(sizes.get("publications", 0)).page(request.GET.get("page", 1))
        return super().get_context(request, *args, **kwargs) | {
            "language": language,
            "alternates": self._alternates(request),
            "sections": self._sections(request),
            "list_path": self.get_url(request),
            "page_of_list": page,
            "cards": [_prepare(card, language) for card in page],
            "topics": _choices(labels, "topics", "publications/topic", sizes),
            "areas": _choices(labels, "areas", "areas", sizes),
            "years": _years(sizes),
            "totals": {
                "all": page.paginator.count,
                "whole": sizes.get(f"in/{language}/publications", 0),
                "projects": sizes.get("projects", 0),
            },
        }

    def _paginate(self, total: int) -> Paginator:
        publications = (
            PublicationPage.objects.child_of(self)
            .live()
            .order_by("-sort_key")
            .defer("body")
            .prefetch_related("topics")
        )
        paginator = Paginator(publications, PAGE_SIZE)
        paginator.count = total
        return paginator

    def _alternates(self, request: HttpRequest) -> list[dict[str, str]]:
        pages = {
            page.locale.language_code: page
            for page in self.get_translations(inclusive=True).live().select_related("locale")
        }
        return [
            {"language": tag, "name": name, "path": pages[tag].get_url(request)} for tag, name in LANGUAGES
        ]

    def _sections(self, request: HttpRequest) -> list[dict[str, Any]]:
        pages = self.get_parent().get_children().live().in_menu()
        sections = [
            {"path": page.get_url(request), "label": page.title, "current": page.pk == self.pk}
            for page in pages
        ]
        more = (("newsletter", gettext("Newsletter")), ("search", gettext("Search")))
        return [*sections, *({"path": reverse(name), "label": label} for name, label in more)]


class PublicationPage(Page):
    """A publication in a language."""

    sort_key = models.TextField(db_index=True)
    date = models.DateField(null=True)
    archived = models.BooleanField()
    title_lang = models.TextField(null=True, blank=True)
    title_reason = models.TextField(null=True, blank=True)
    summary = models.TextField(blank=True)
    summary_lang = models.TextField(null=True, blank=True)
    summary_reason = models.TextField(null=True, blank=True)
    available = models.JSONField()
    body = RichTextField()
    topics = ParentalManyToManyField(Label)


def _prepare(card: PublicationPage, language: str) -> PublicationPage:
    card.versions = [
        (NAMES[language][lang], card.available[lang])
        for lang, _ in LANGUAGES
        if card.available.get(lang, "missing") != "missing"
    ]
    card.language_name = NAMES[language].get(card.title_lang or card.summary_lang)
    card.reason = card.title_reason if card.title_lang else card.summary_reason
    return card


def _choices(labels: list[Label], kind: str, scope: str, sizes: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "slug": label.slug,
            "title": label.title,
            "title_lang": label.title_lang,
            "total": sizes.get(f"{scope}/{label.slug}", 0),
        }
        for label in labels
        if label.kind == kind
    ]


def _years(sizes: dict[str, int]) -> list[dict[str, Any]]:
    years = {name.removeprefix("publications/"): size for name, size in sizes.items()}
    return [{"year": year, "total": years[year]} for year in sorted(years, reverse=True) if year.isdigit()]
