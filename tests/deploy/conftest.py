"""One installed site for all tests of a worker."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from constanta.newsletter.keys import RECIPIENTS_FILE, make_keys
from constanta.settings import ROOT
from tests.conftest import Project
from tests.deploy.installation import HOST, ONION, Installation, memory_folder


def write_documents(folder: Path) -> Project:
    """Write a small project with the real interface."""
    project = Project(folder)
    for language in ("be", "ru"):
        shutil.copytree(
            ROOT / "translations" / language / "LC_MESSAGES",
            folder / "translations" / language / "LC_MESSAGES",
        )
    project.document("topics/people")
    project.document("areas/work", topics="[people]")
    project.document("pages/about", "Who we are.")
    for number in range(1, 4):
        project.document(f"publications/p{number}", "Text.", date=f"2025-01-{number:02}", topics="[people]")
    return project


@pytest.fixture
def project_folder(tmp_path: Path) -> Path:
    """The folder of a small project that has not been published yet."""
    return write_documents(tmp_path).folder


def install(folder: Path, memory: Path) -> Installation:
    """Return a site with its first edition."""
    project = write_documents(folder)
    make_keys(folder / "keys")
    installation = Installation(
        folder,
        {
            "PATH": os.environ["PATH"],
            "CONSTANTA_INSTANCE": str(folder / "instance"),
            "CONSTANTA_CONTENT": str(project.settings.content),
            "CONSTANTA_TRANSLATIONS": str(project.settings.translations),
            "CONSTANTA_SECRET_KEY": "only for tests",
            "CONSTANTA_BASE_URL": f"https://{HOST}",
            "CONSTANTA_HOSTS": f"{HOST} {ONION}",
            "CONSTANTA_PROXIES": "1",
            "CONSTANTA_RUNTIME": str(memory / "run"),
            "CONSTANTA_NEWSLETTER_RECIPIENTS": str(folder / "keys" / RECIPIENTS_FILE),
            "CONSTANTA_NEWSLETTER_CLIENT_LIMIT": "3",
            "CONSTANTA_MAIL_FROM": f"news@{HOST}",
        },
    )
    installation.flask("publish")
    return installation


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installed site that no process serves yet."""
    with memory_folder() as memory:
        yield install(tmp_path_factory.mktemp("site"), memory)


@pytest.fixture(scope="module")
def site(installation: Installation) -> Iterator[Installation]:
    """An installed site with gunicorn and nginx."""
    with installation.gunicorn(), installation.nginx():
        yield installation
