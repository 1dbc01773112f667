"""What the sites on Django and on Wagtail share: who they are, how they are told of it, and their addresses."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

FOLDER = Path(os.environ["PEER_FOLDER"])
"""Where the benchmark has laid what a site needs: a copy of the content database, catalogs, and `frame.json`."""

FRAME = SimpleNamespace(**json.loads((FOLDER / "frame.json").read_text(encoding="utf-8")))
"""What stands on every page: the stylesheet, the digest that names it, the icon, and the public address."""

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = [("be", "Беларуская"), ("ru", "Русский"), ("en", "English")]
NAMES = {
    "be": {"be": "беларуская", "ru": "руская", "en": "англійская"},
    "ru": {"be": "белорусский", "ru": "русский", "en": "английский"},
    "en": {"be": "Belarusian", "ru": "Russian", "en": "English"},
}
"""The names of the languages in each of them."""


def put_site(_request: HttpRequest) -> dict[str, Any]:
    """Give every template what stands on every page."""
    return {"site": FRAME}


def answer_nothing(_request: HttpRequest, **_values: object) -> HttpResponse:
    """Answer for the pages that are linked and not measured."""
    return HttpResponse()


OTHERS = [
    path("", answer_nothing, name="home"),
    path("projects/", answer_nothing, name="projects"),
    path("areas/", answer_nothing, name="areas"),
    path("areas/<slug:slug>/", answer_nothing, name="area"),
    path("newsletter/", answer_nothing, name="newsletter"),
    path("search/", answer_nothing, name="search"),
    path("feed.atom", answer_nothing, name="atom"),
    path("feed.json", answer_nothing, name="json_feed"),
    path("publications.csv", answer_nothing, name="csv"),
    path("publications.json", answer_nothing, name="json"),
    path("publications/translated/", answer_nothing, name="translated"),
    path("publications/topic/<slug:topic>/", answer_nothing, name="topic"),
    path("publications/<int:year>/", answer_nothing, name="year"),
]
"""The addresses beside those of the publications."""
