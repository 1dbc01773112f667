"""What a setting that cannot be used is told as: a sentence in the language of the terminal, whatever the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from constanta.errors import SettingsError
from constanta.factory import create_app
from constanta.settings import ROOT, read_settings
from tests.conftest import Project
from tests.edition.editions import make_project
from tests.edition.faulty import environment_of

FLASK = Path(sys.executable).with_name("flask")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path / "site")
    project.document("pages/about", "Words.")
    return project


def run(project: Project, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [FLASK, *arguments],
        cwd=project.folder,
        env={
            **environment_of(project),
            "LANG": "ru_RU.UTF-8",
            "FLASK_APP": str(ROOT / "app.py"),
            "PYTHONPATH": str(ROOT),
            **{f"CONSTANTA_{name}": value for name, value in settings.items()},
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "command", ["publish", "edition list", "mirror there", "i18n status", "newsletter stats"]
)
def test_every_command_says_it_in_the_language_of_the_terminal(project: Project, command: str) -> None:
    ended = run(project, *command.split(), BASE_URL="site.example")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Значение CONSTANTA_BASE_URL должно начинаться с" in ended.stderr.replace("\u00a0", " ")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "http://[::1"),
        ("BASE_URL", "https://site.example/sub"),
        ("BASE_URL", "https://site.example:port"),
        ("BASE_URL", "https://site.example:"),
        ("BASE_URL", "https://somebody@site.example"),
        ("BASE_URL", "https://site example"),
        ("ONION_URL", "name.onion"),
        ("PROXIES", "abc"),
        ("CONTACT", "Anna <anna@site.example>"),
        ("CONTACT", "a b"),
        ("SECURITY_CONTACT", "anna@site.example"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysterious://host/name"),
        ("DATABASE_URL", "postgresql+pg8000://host/name"),
        ("DATABASE_URL", "postgresql+psycopg://host:port/name"),
    ],
)
def test_what_cannot_be_used_is_named(project: Project, name: str, value: str) -> None:
    environment = {**environment_of(project), f"CONSTANTA_{name}": value}
    with pytest.raises(SettingsError, match=f"^CONSTANTA_{name} must "):
        create_app(read_settings(environment, debug=True))


def test_an_empty_value_is_as_good_as_none(project: Project) -> None:
    assert (
        run(project, "publish", SECRET_KEY="", BASE_URL="", HOSTS="", PROXIES="0", CONTACT="").returncode == 0
    )


def test_the_site_answers_to_the_name_of_its_public_address(project: Project) -> None:
    ended = run(project, "publish", HOSTS="site.example", BASE_URL="HTTPS://www.site.example/")
    assert ended.returncode == 0, ended.stderr


def test_the_folder_of_what_the_site_makes_may_have_any_name(project: Project) -> None:
    instance = project.folder / "a#b%20c?d"
    for words in ("Words.", "Other words."):
        project.document("pages/about", words)
        for command in ("publish", "edition check"):
            ended = run(project, *command.split(), INSTANCE=str(instance))
            assert ended.returncode == 0, ended.stderr
    assert {path.name for path in project.folder.iterdir()} == {"content", "translations", instance.name}
    assert (instance / "editions" / "current").readlink().name.startswith("0002-")
