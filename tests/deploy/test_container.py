"""The Containerfile: its words are right, what it copies is there and is enough, and its command serves."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from http.client import HTTPConnection
from pathlib import Path

import pytest

from constanta.settings import ROOT
from tests.deploy.installation import DEPLOY, PROGRAMS, Installation, ask
from tests.newsletter.parts import free_port

Step = tuple[str, str]


def read_steps() -> list[Step]:
    """Return the instructions with their arguments, without comments, each on one line."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    lines = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in joined.splitlines() if line]


STEPS = read_steps()
STAGES = [index for index, (word, _) in enumerate(STEPS) if word == "FROM"]
KNOWN = {"FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}


def arguments_of(word: str) -> list[str]:
    return [argument for name, argument in STEPS[STAGES[-1] :] if name == word]


def test_every_word_is_one_of_the_language() -> None:
    assert {word for word, _ in STEPS} == KNOWN


def test_every_base_has_its_full_name_and_a_version() -> None:
    bases = [argument.split()[0] for word, argument in STEPS if word == "FROM"]
    assert [
        base for base in bases if not re.fullmatch(r"[\w.]+/[\w/]+:[\w.-]+", base) or base.endswith(":latest")
    ] == []


def test_the_site_does_not_run_as_root() -> None:
    words = [word for word, _ in STEPS]
    assert arguments_of("USER") == ["constanta"]
    assert max(i for i, word in enumerate(words) if word == "RUN") < words.index("USER") < words.index("CMD")


@pytest.mark.parametrize("word", ["CMD", "HEALTHCHECK"])
def test_programs_are_started_without_a_shell(word: str) -> None:
    (argument,) = arguments_of(word)
    assert all(isinstance(part, str) for part in json.loads(argument.removeprefix("CMD ")))


@pytest.mark.parametrize("script", [argument for word, argument in STEPS if word == "RUN"])
def test_a_step_is_valid_shell(script: str) -> None:
    assert subprocess.run(["sh", "-n", "-c", script], check=False).returncode == 0


def copy_sources(folder: Path) -> None:
    """Do what the steps that copy do."""
    for word, argument in STEPS:
        if word == "COPY" and not argument.startswith("--from"):
            *sources, target = argument.split()
            for source in sources:
                place = folder / target
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(ROOT / source, place / source)


@pytest.mark.parametrize("hosts", ["site.example", ".example", ""])
def test_what_is_copied_is_enough_to_publish_and_to_serve(
    installation: Installation, tmp_path: Path, hosts: str
) -> None:
    folder = tmp_path / "opt"
    folder.mkdir()
    copy_sources(folder)
    port = str(free_port())
    environment = {
        **{name: value for name, value in installation.environment.items() if name != "CONSTANTA_CONTENT"},
        "CONSTANTA_HOSTS": hosts,
        "CONSTANTA_INSTANCE": str(tmp_path / "instance"),
        "CONSTANTA_TRANSLATIONS": str(folder / "translations"),
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        # The programs' own copy of the package is an editable one, of another folder.
        "PYTHONPATH": str(folder),
    }
    subprocess.run(["flask", "publish"], cwd=folder, env=environment, check=True, capture_output=True)
    command = [part.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for part in json.loads(*arguments_of("CMD"))]
    health = json.loads(arguments_of("HEALTHCHECK")[0].removeprefix("CMD "))
    health[-1] = health[-1].replace("8000", port)
    with subprocess.Popen(command, cwd=folder, env=environment) as server:
        try:
            while subprocess.run(health, env=environment, check=False, capture_output=True).returncode:
                assert server.poll() is None
            answer = ask(HTTPConnection("127.0.0.1", int(port)), "GET", "/be/", {"Host": "site.example"})
            assert answer.status == 200
        finally:
            server.terminate()
