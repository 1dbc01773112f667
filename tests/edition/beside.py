"""Publications whose index of words is finished while others render, tried in a process of its own: one with a single thread."""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

import pytest

from constanta.edition import press
from constanta.edition.search.index import Indexer
from tests.edition.editions import make_project, publish, settings_of, write_site
from tests.edition.spreading import list_children, three_cores

finished: list[tuple[int, bool]] = []
"""How many processes there were whenever an index was finished, and whether that was done beside all else."""

finish = Indexer.finish


def note_and_finish(indexer: Indexer) -> None:
    finished.append((len(list_children()), threading.current_thread() is not threading.main_thread()))
    finish(indexer)


def main(folder: Path) -> None:
    project = make_project(folder)
    write_site(project)
    settings = settings_of(project)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Indexer, "finish", note_and_finish)
        patch.setattr(os, "sched_getaffinity", three_cores)
        for few in (press.FEW, press.ALONE):
            patch.setattr(press, "FEW", few)
            publish(settings, anew=True)
    print(json.dumps(finished))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
