"""What a program loads stays until its end: nothing of it is garbage, neither while it comes nor when all goes."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

# At its end, when all that matters is closed, Python would look through everything: a sixth of a short command's time.
atexit.register(gc.freeze)


@contextmanager
def loading() -> Iterator[None]:
    """Import in the `with` block, and look for no circles of objects that nobody needs: it would take a twentieth of a second."""
    is_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_enabled:
            gc.enable()
