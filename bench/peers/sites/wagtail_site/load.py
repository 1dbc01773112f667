"""Makes the site's database from a copy of Constanta's content database: the same publications, in a tree of pages."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
from collections.abc import Mapping
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - models can be imported once Django is set up
from django.db import connection, transaction  # noqa: E402
from publications.models import (  # noqa: E402
    HomePage,
    Label,
    PublicationPage,
    PublicationsPage,
    SectionPage,
    Total,
)
from shared_site import FOLDER, LANGUAGES  # noqa: E402
from wagtail.models import Locale, Page, Site  # noqa: E402

RENDITIONS = """
    SELECT * FROM listing JOIN document ON document.id = document_id JOIN rendition USING (document_id)
    WHERE scope = ? AND rendition.lang = ? ORDER BY place
"""
SECTIONS = {
    "be": ("Публікацыі", "Спецыяльныя праекты", "Кірункі працы"),
    "ru": ("Публикации", "Специальные проекты", "Направления работы"),
    "en": ("Publications", "Special projects", "Areas of work"),
}


def make_tables() -> None:
    """Make all tables; the migrations of the site's own models are written beside the database."""
    (FOLDER / "migrations").mkdir()
    (FOLDER / "migrations" / "__init__.py").touch()
    call_command("makemigrations", "publications", verbosity=0)
    call_command("migrate", verbosity=0)


class Loader:
    """Fills the tables from the content database."""

    def __init__(self, content: sqlite3.Connection) -> None:
        content.row_factory = sqlite3.Row
        self.content = content
        self.first: dict[object, Page | Label] = {}
        """What was made first of each thing; its translations share its key."""

    def load(self) -> None:
        """Make the trees of all languages."""
        totals = self.content.execute("SELECT name, size FROM scope")
        Total.objects.bulk_create(Total(name=name, size=size) for name, size in totals)
        Site.objects.all().delete()
        root = Page.get_first_root_node()
        for page in root.get_children():
            page.delete()
        root.refresh_from_db()
        for tag, _ in LANGUAGES:
            locale = Locale.objects.get_or_create(language_code=tag)[0]
            home = root.add_child(
                instance=self._translation("home", HomePage(title=tag, slug=f"home-{tag}", locale=locale))
            )
            if not Site.objects.exists():
                Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
            self._load_language(home, locale)

    def _translation(self, what: object, made: Any) -> Any:
        first = self.first.setdefault(what, made)
        made.translation_key = first.translation_key
        return made

    def _load_language(self, home: Page, locale: Locale) -> None:
        tag = locale.language_code
        topics = {kind: self._load_labels(kind, locale) for kind in ("topics", "areas")}["topics"]
        lists: dict[str, Page] = {}
        for slug, title in zip(("publications", "projects", "areas"), SECTIONS[tag], strict=True):
            model = PublicationsPage if slug == "publications" else SectionPage
            page = model(title=title, slug=slug, locale=locale, show_in_menus=True)
            lists[slug] = home.add_child(instance=self._translation(slug, page))
        for row in self.content.execute(RENDITIONS, ("publications", tag)):
            page = self._translation(row["slug"], _publication(row, locale))
            page.topics = [topics[slug] for slug in json.loads(row["topics"])]
            lists["publications"].add_child(instance=page)

    def _load_labels(self, kind: str, locale: Locale) -> Mapping[str, Label]:
        labels = {}
        for row in self.content.execute(RENDITIONS, (kind, locale.language_code)):
            label = Label(
                kind=kind,
                slug=row["slug"],
                place=row["place"],
                title=row["title"],
                title_lang=row["title_lang"],
                locale=locale,
            )
            labels[row["slug"]] = self._translation((kind, row["slug"]), label)
            label.save()
        return labels


def _publication(row: sqlite3.Row, locale: Locale) -> PublicationPage:
    names = (
        "sort_key",
        "archived",
        "title_lang",
        "title_reason",
        "summary",
        "summary_lang",
        "summary_reason",
    )
    return PublicationPage(
        title=row["title"],
        slug=row["slug"],
        locale=locale,
        date=dt.date.fromisoformat(row["date"]) if row["date"] else None,
        available=json.loads(row["available"]),
        body="".join(run["html"] for run in json.loads(row["body"])),
        **{name: row[name] for name in names},
    )


def main() -> None:
    make_tables()
    with sqlite3.connect(FOLDER / "content.db") as content, transaction.atomic():
        Loader(content).load()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
