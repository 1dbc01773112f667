"""The site's addresses: each begins with its language, and what is not named here is a page of the tree."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from shared_site import OTHERS, answer_nothing
from wagtail import urls as wagtail_urls

urlpatterns = i18n_patterns(
    *OTHERS,
    path("publications/page/<int:number>/", answer_nothing, name="publications"),
    path("", include(wagtail_urls)),
)
