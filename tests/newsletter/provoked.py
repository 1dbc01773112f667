"""The site with defects put in on purpose, for gunicorn in the seizure test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import count
from typing import Any

from constanta.factory import create_app
from constanta.newsletter import subscribers

EVERY = 5


def breaks(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let every so many calls fail after their work, in the middle of the transaction."""
    calls = count(1)

    @wraps(function)
    def broken(*arguments: Any, **values: Any) -> Any:
        result = function(*arguments, **values)
        if next(calls) % EVERY == 0:
            raise RuntimeError("provoked")
        return result

    return broken


for name in ("add_pending", "confirm_subscription", "remove_subscription"):
    setattr(subscribers, name, breaks(getattr(subscribers, name)))

app = create_app()
