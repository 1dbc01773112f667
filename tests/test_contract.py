"""The modules' contract: each imports alone, all point one way, and nothing is imported late."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from constanta.settings import ROOT

ORDER = (
    "constanta.loading",
    "constanta.errors",
    "constanta.files",
    "constanta.settings",
    "constanta.locales",
    "constanta.content.records",
    "constanta.content.renditions",
    "constanta.content.markdown",
    "constanta.content.frontmatter",
    "constanta.content.loader",
    "constanta.catalogs.po",
    "constanta.catalogs.findings",
    "constanta.catalogs.paths",
    "constanta.catalogs.header",
    "constanta.catalogs.checks",
    "constanta.catalogs",
    "constanta.content.translate",
    "constanta.edition",
    "constanta.newsletter",
    "constanta.pages",
    "constanta.serving",
    "constanta.cli",
    "constanta.factory",
    "app",
)
"""The flows in one line: a module imports only what stands before it, or beside it in its own package."""


def find_modules() -> dict[str, Path]:
    files = [ROOT / "app.py", *sorted((ROOT / "constanta").rglob("*.py"))]
    modules = {}
    for path in files:
        parts = path.relative_to(ROOT).with_suffix("").parts
        modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return modules


MODULES = find_modules()
PACKAGES = {name.rpartition(".")[0] for name in MODULES} - {""}


def rank(module: str) -> int:
    matching = [n for n, name in enumerate(ORDER) if module == name or module.startswith(f"{name}.")]
    return max(matching, key=lambda n: len(ORDER[n]), default=-1)


def imports_of(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found & MODULES.keys()


GRAPH = {
    name: imports_of(ast.parse(path.read_text(encoding="utf-8"))) - {name} for name, path in MODULES.items()
}


def test_every_module_has_its_place_in_the_order() -> None:
    assert [name for name in MODULES if rank(name) < 0 and name not in PACKAGES] == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_comes_earlier_in_its_flow(module: str) -> None:
    assert [other for other in GRAPH[module] - PACKAGES if rank(other) > rank(module)] == []


def test_there_are_no_circles() -> None:
    try:
        order = list(TopologicalSorter(GRAPH).static_order())
    except CycleError as error:
        pytest.fail(f"modules import each other in a circle: {error.args[1]}")
    assert set(order) == MODULES.keys()


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_imported_inside_a_function(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    late = [n.lineno for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert late == []


IMPORT_ALONE = """
import os, sys
import alembic, babel, flask, flask_babel, flask_wtf, markdown_it, pyrage, sqlalchemy, yaml
assert not any(name.split(".")[0] in {"constanta", "app"} for name in sys.modules)
failed = []
for module in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        try:
            __import__(module)
        except BaseException as error:
            print(f"{module}: {error!r}", flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        failed.append(module)
sys.exit(bool(failed))
"""


def test_every_module_can_be_imported_alone() -> None:
    """Each in a process of its own that has loaded none of the project's modules before."""
    modules = [name for name in MODULES if name != "app" and not name.endswith(".env")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALONE, *modules],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
