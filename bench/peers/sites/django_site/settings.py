"""A Django site as its deployment checklist wants it: no debugging, cached templates, connections that stay open."""

from __future__ import annotations

from pathlib import Path

from shared_site import FOLDER, LANGUAGES, TEMPLATES

SECRET_KEY = "bench"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "urls"
WSGI_APPLICATION = "wsgi.application"
INSTALLED_APPS = ["publications"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# Without DEBUG, Django keeps compiled templates by itself.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates", TEMPLATES],
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "shared_site.put_site"]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "content.db",
        "CONN_MAX_AGE": None,
    }
}
LANGUAGES = LANGUAGES
LANGUAGE_CODE = "be"
LOCALE_PATHS = [FOLDER / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
USE_TZ = False
