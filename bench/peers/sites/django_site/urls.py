"""The site's addresses: each begins with its language."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import path
from publications.views import publication, publications
from shared_site import OTHERS

urlpatterns = i18n_patterns(
    path("publications/", publications, name="publications"),
    path("publications/page/<int:number>/", publications, name="publications"),
    *OTHERS,
    path("publications/<slug:slug>/", publication, name="publication"),
)
