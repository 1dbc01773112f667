"""Jinja without what this site's templates have no use for: a page is a third cheaper.

Templates are compiled to plain Python: `{{ f(x) }}` calls `f`, and `{{ x.name }}` takes an attribute, as a view would.
So a name that is not there is an error and not an empty place, and an item of a dictionary is written `{{ x["name"] }}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from functools import partial
from types import CodeType
from typing import Any

from flask import Flask, current_app
from jinja2 import Environment, FunctionLoader, Template, TemplateError, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode
from markupsafe import Markup, escape

from constanta.pages.site import here


class PlainCode(CodeGenerator):
    """Writes calls and attributes as Python has them; Jinja asks each callee whether it wants the context."""

    def visit_Call(  # noqa: N802 - Jinja's name
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002 - and its signature
    ) -> None:
        """Write a call of a macro, or of a function that is a global of the environment or was given by the view."""
        self.visit(node.node, frame)
        arguments = [("", argument) for argument in node.args]
        arguments += [(f"{keyword.key}=", keyword.value) for keyword in node.kwargs]
        arguments += [("*", node.dyn_args)] if node.dyn_args else []
        arguments += [("**", node.dyn_kwargs)] if node.dyn_kwargs else []
        self.write("(")
        for prefix, value in arguments:
            self.write(prefix)
            self.visit(value, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write what the block of a `call` becomes: most are called once and without arguments, so it is no macro."""
        node = macro_ref.node
        takes_more = macro_ref.accesses_kwargs or macro_ref.accesses_varargs or macro_ref.accesses_caller
        if isinstance(node, nodes.CallBlock) and not node.args and not takes_more:
            self.write("partial(mark_up, macro)")
        else:
            super().macro_def(macro_ref, frame)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        """Write what stands between two statements as one piece: each passes through the templates that are extended."""
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        self.writeline("pieces = []")
        frame.buffer = "pieces"
        super().visit_Output(node, frame)
        frame.buffer = None
        self.writeline("yield ''.join(pieces)")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """Write an attribute; `self`, through which a template asks for its blocks, has items in place of them."""
        if isinstance(node.node, nodes.Name) and node.node.name == "self":
            self.visit(nodes.Getitem(node.node, nodes.Const(node.attr), "load"), frame)
            return
        self.visit(node.node, frame)
        self.write(f".{node.attr}")


class PlainMacro(Macro):
    """A macro that is called with all its arguments, as most are, takes no detour."""

    @internalcode
    def __call__(self, *args: Any, **kwargs: Any) -> Markup:
        """Return what the macro renders."""
        if kwargs or self.caller or len(args) != self._argument_count:
            return Markup(super().__call__(*args, **kwargs))  # noqa: S704 - escaped inside
        return str.__new__(Markup, self._func(*args))


def mark_up(render: Callable[[], str]) -> Markup:
    """Return what a block renders."""
    return str.__new__(Markup, render())


def escape_once(value: object) -> str:
    """Return a value as it stands in HTML; most is markup already, or has nothing to escape."""
    if type(value) is Markup or (type(value) is str and not _find_special(value)):
        return value
    return escape(value)


_find_special = re.compile("[&<>'\"]").search


class PlainTemplate(Template):
    """A template of which the imported form is one and the same for all, and whose globals are the environment's.

    Jinja makes the imported form anew where the importing template has other globals, and compares their names at each
    import. For a developer it is made at each import: it keeps what it has imported itself, which may have been saved again.
    """

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 - as Jinja passes it
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        """Return a template whose code uses the macros and the escaping of this module."""
        template = super().from_code(environment, code, globals, uptodate)
        template.root_render_func.__globals__.update(
            Macro=PlainMacro, escape=escape_once, mark_up=mark_up, partial=partial
        )
        return template

    def new_context(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002
        shared: bool = False,  # noqa: FBT001, FBT002
        locals: Mapping[str, Any] | None = None,  # noqa: A002
    ) -> Context:
        """Return what the names in the template stand for."""
        if shared or locals:
            return super().new_context(vars, shared, locals)
        known = {**self.environment.globals, **(vars or {})}
        return self.environment.context_class(self.environment, known, self.name, self.blocks)

    @internalcode
    def _get_default_module(self, ctx: Context | None = None) -> Any:  # noqa: ARG002
        return self.make_module() if self.environment.auto_reload else super()._get_default_module()


def strip_tags(value: object) -> str:
    """Return a text without markup, as Jinja's filter does; a text that has none needs no search for it."""
    text = str(value)
    return Markup(text).striptags() if "<" in text or "&" in text else " ".join(text.split())  # noqa: S704


def render_page(name: str, **values: Any) -> str:
    """Return a page made of a template, as `flask.render_template` does for templates that ask for no request."""
    kept = here()
    template = current_app.jinja_env.get_template(name)
    return template.render(language=kept["language"], addressed=kept.get("addressed", False), **values)


def compile_templates(app: Flask) -> None:
    """Compile all templates before a page needs them."""
    templates = app.jinja_env
    for name in templates.list_templates(extensions=["html", "xml"]):
        with suppress(TemplateError):  # what is broken is said of the page that needs it
            templates.get_template(name)


def hold_templates(app: Flask) -> None:
    """Read all templates now: what is saved or pulled from here on is for the process that comes next."""
    environment, loader = app.jinja_env, app.create_global_jinja_loader()
    sources = {name: loader.get_source(environment, name) for name in loader.list_templates()}
    environment.loader = FunctionLoader(sources.get)


def init_templating(app: Flask) -> None:
    """Have the application's templates made of these classes; to be called before any is loaded."""
    app.jinja_env.template_class = PlainTemplate
    app.jinja_env.code_generator_class = PlainCode
    app.jinja_env.filters["striptags"] = strip_tags
