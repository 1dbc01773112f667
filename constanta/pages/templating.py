"""Jinja without what this site's templates have no use for: a page is a fifth cheaper."""

from __future__ import annotations

from typing import Any

from flask import Flask
from jinja2 import Template
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode
from markupsafe import Markup


class SharedTemplate(Template):
    """A template whose imported form is one and the same for all.

    Jinja makes it anew where the importing template has other globals, and compares their names at each import. Here all
    templates have those of the environment. For a developer it is made at each import: it keeps what it has imported
    itself, which may have been saved again.
    """

    @internalcode
    def _get_default_module(self, ctx: Context | None = None) -> Any:  # noqa: ARG002
        return self.make_module() if self.environment.auto_reload else super()._get_default_module()


class PlainContext(Context):
    """A context that calls what templates name without asking whether it wants the context: only macros want anything."""

    @internalcode
    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a macro, or a function that is a global of the environment or was given by the view."""
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        if type(called) is Macro:
            return called(self.eval_ctx, *args, **kwargs)
        return called(*args, **kwargs)


def strip_tags(value: object) -> str:
    """Return a text without markup, as Jinja's filter does; a text that has none needs no search for it."""
    text = str(value)
    return Markup(text).striptags() if "<" in text or "&" in text else " ".join(text.split())  # noqa: S704


def init_templating(app: Flask) -> None:
    """Have the application's templates made of these classes; to be called before any is loaded."""
    app.jinja_env.template_class = SharedTemplate
    app.jinja_env.context_class = PlainContext
    app.jinja_env.filters["striptags"] = strip_tags
