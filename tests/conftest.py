"""What the tests share: a small project on disk, and the site that serves it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from constanta.catalogs.po import Catalog, Message, Source, write_catalog
from constanta.factory import create_app
from constanta.locales import parse_language
from constanta.settings import ROOT, Settings

_MEMORY = "/dev/shm"
_ROOM = 2**31


def _use_memory() -> None:
    """Have the tests' files in memory, where there is room for them and programs may be run: a tenth of the time."""
    can_run = os.path.isdir(_MEMORY) and not os.statvfs(_MEMORY).f_flag & (os.ST_NOEXEC | os.ST_RDONLY)  # noqa: PTH112
    if can_run and shutil.disk_usage(_MEMORY).free > _ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _MEMORY)


_use_memory()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes share the tests of `-n auto`: one more than cores, for many tests wait for something."""
    return len(os.sched_getaffinity(0)) + 1


@dataclass(frozen=True)
class Project:
    """A project of its own for one test: documents, catalogs and an instance folder."""

    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(
            instance=self.folder / "instance",
            content=self.folder / "content",
            translations=self.folder / "translations",
            base_url="https://site.example",
            secret_key="only for tests",
            debug=True,
        )

    def write(self, name: str, text: str) -> Path:
        """Write a file under the project's folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def document(self, name: str, body: str = "", **front: str) -> Path:
        """Write a document: `publications/some-slug`, its body, and the front matter as YAML values."""
        values = {"title": name.rpartition("/")[2].capitalize(), **front}
        lines = "".join(f"{key}: {value}\n" for key, value in values.items())
        return self.write(f"content/{name}.md", f"---\n{lines}---\n\n{body}\n")

    def catalog(
        self, name: str, language: str, translations: Mapping[tuple[str, str], str | Message]
    ) -> Path:
        """Write the catalog of a document; a message stands for itself, a text is a current translation."""
        path = self.folder / "translations" / language / "content" / f"{name}.po"
        messages = [
            text if isinstance(text, Message) else Message(Source(msgid, context), (text,))
            for (context, msgid), text in translations.items()
        ]
        header = {
            "Language": language,
            "Content-Type": "text/plain; charset=UTF-8",
            "Plural-Forms": parse_language(language).plural_forms,
            "X-Constanta-Document": name,
        }
        write_catalog(path, Catalog(header, tuple(messages)))
        return path

    def interface(self, language: str, translations: Mapping[str, str]) -> Path:
        """Write the interface's catalog of a language."""
        path = self.folder / "translations" / parse_language(language).folder / "LC_MESSAGES" / "messages.po"
        header = {
            "Language": language,
            "Content-Type": "text/plain; charset=UTF-8",
            "Plural-Forms": parse_language(language).plural_forms,
        }
        write_catalog(path, Catalog(header, tuple(Message(Source(k), (v,)) for k, v in translations.items())))
        return path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project."""
    project = Project(tmp_path)
    (tmp_path / "content").mkdir()
    for language in ("be", "ru"):
        project.interface(language, {})
    return project


@pytest.fixture
def open_site(project: Project) -> Callable[..., FlaskClient]:
    """Start the site of the test's project."""

    def open_site(**changes: object) -> FlaskClient:
        return create_app(replace(project.settings, **changes)).test_client()  # type: ignore[arg-type]

    return open_site


@pytest.fixture(scope="session")
def real_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site with its real content, as a developer sees it."""
    instance = tmp_path_factory.mktemp("instance")
    return create_app(Settings(instance=instance, secret_key="only for tests", debug=True))


@pytest.fixture
def real_site(real_app: Flask) -> FlaskClient:
    """A visitor of the site with its real content."""
    return real_app.test_client()


@pytest.fixture
def root() -> Path:
    """The folder of the project itself."""
    return ROOT
