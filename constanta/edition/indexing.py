"""The index of words, finished while pages are rendered: no page that is the same for all readers has anything of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from constanta.edition.beside import Task
from constanta.edition.manifest import CONTENT
from constanta.edition.models import open_engine
from constanta.edition.search.index import Indexer


@contextmanager
def finishing(folder: Path, indexer: Indexer | None) -> Iterator[Callable[[], None]]:
    """Finish the index of an edition's content database before the block ends; nothing where there is nothing to finish.

    Yields what begins with that in a thread; where it is not called, all is done at the end. Until then nothing gets into
    the file: whoever reads it meanwhile takes it for one that does not change.

    Raises:
        sqlite3.Error: SQLite refuses.
    """
    if indexer is None:
        yield lambda: None
        return
    begun: list[Task[None]] = []
    engine = open_engine(folder / CONTENT, writable=True)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA cache_spill = OFF")
            # Without a transaction that has begun, sqlite3 would let a new table into the file at once.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            indexer.connection = connection
            try:
                yield lambda: begun.append(Task(indexer.finish))
            finally:
                for task in begun:
                    task.join()
            if begun:
                begun[0].result()
            else:
                indexer.finish()
            connection.commit()
    finally:
        engine.dispose()
