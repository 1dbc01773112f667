"""A publication whose first process finds the disk full while others render, tried in a process of its own."""

from __future__ import annotations

import errno
import json
import os
import sys
from pathlib import Path

import pytest

from constanta.edition import press
from constanta.edition.spool import Place, Spool
from constanta.errors import EditionError
from tests.edition.editions import make_project, publish, settings_of, shelf_of, write_site
from tests.edition.spreading import list_children, three_cores


class FullSpool(Spool):
    """Keeps nothing: there is no room."""

    def keep(self, data: bytes) -> Place:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def main(folder: Path) -> None:
    project = make_project(folder)
    write_site(project)
    settings = settings_of(project)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(press, "Spool", FullSpool)
            patch.setattr(os, "sched_getaffinity", three_cores)
            publish(settings)
    except EditionError as error:  # as long as it is held, so is all that was going on when it was raised
        print(  # noqa: T201
            json.dumps(
                {
                    "said": str(error),
                    "children": list_children(),
                    "left": sorted(path.name for path in shelf_of(settings).folder.glob(".building-*")),
                }
            )
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
