"""Page templates, compiled once per language: whatever is the same for all who speak it is part of a template's text.

Jinja's own compiler does it; it is only handed simpler templates (see `folding.py`) and writes plainer Python. A list of
twenty orders takes a third of the time that the same templates take without.
"""

from collections.abc import Iterable
from functools import cache, lru_cache, partial
from typing import Any

from jinja2 import Environment, Template, UndefinedError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from app.web import templating
from app.web.folding import folded, imported

try:  # escape() without the mark of safety; a private name, so it may go
    from markupsafe import _escape_inner as escaped
except ImportError:

    def escaped(text: str) -> str:  # type: ignore[misc]
        return str(escape(text))


def render(name: str, locale: str, context: dict[str, Any]) -> bytes:
    """The same as `templating.render`, which is asked where this fails: it finds an item of a dict under an attribute's
    name, and names the line of a mistake in the file where it is."""
    template = _template(name, locale)
    try:
        return b"".join(template.root_render_func(template.new_context(context)))  # type: ignore[arg-type]
    except (AttributeError, UndefinedError):
        return templating.render(name, context).encode()


@cache
def _template(name: str, locale: str) -> Template:
    return _environment(locale).get_template(name)


@cache
def _environment(locale: str) -> Environment:
    made = templating.environment.overlay()
    made.code_generator_class = partial(Plain, locale)  # type: ignore[assignment]
    # Jinja's own is a chain of mappings, walked to its end by every page, include and import.
    made.concat = _joined  # type: ignore[assignment]
    made.make_globals = lambda d: {**made.globals, **(d or {})}  # type: ignore[method-assign]
    return made


def _joined(pieces: Iterable[bytes]) -> str:
    """What a macro answers, or a block that is asked for by name."""
    return b"".join(pieces).decode()


@lru_cache(16_384)
def drawn(macro: Macro, *arguments: Any) -> bytes:
    """What a macro makes of a view that is kept from page to page and never changes: nearly all of a list."""
    made: str = macro._func(*arguments)  # the wrapper, which sorts arguments by name, would take half as long again
    return made.encode()


def text(value: Any) -> bytes:
    """`escape` for a piece that only goes into the page: it need not be marked as safe, which costs more than escaping."""
    kind = type(value)
    if kind is str:
        return escaped(value).encode()
    if kind is bytes:
        return value
    if kind is Markup:
        return value.encode()
    return str(value if kind is int else escape(value)).encode()


class Plain(CodeGenerator):
    def __init__(self, locale: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.locale = locale

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
        self.writeline(f"from {__name__} import drawn, escaped, text")
        self.writeline(f"from {imported.__module__} import {imported.__name__}")
        super().visit_Template(folded(node, self.environment, self.locale), frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Without the detour over `environment.getattr`, which would try an item where there is no such attribute."""
        if isinstance(node.node, nodes.Name) and node.node.name == "self":
            super().visit_Getattr(node, frame)
        else:
            self.visit(node.node, frame)
            self.write(f".{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, **options: Any) -> None:  # type: ignore[override]
        """`drawn` wants nothing of the context, which would be asked about it twenty times a page."""
        if isinstance(node.node, nodes.Name) and node.node.name == "drawn":
            self.write("drawn(")
            for argument in node.args:
                self.visit(argument, frame)
                self.write(", ")
            self.write(")")
        else:
            super().visit_Call(node, frame, **options)

    def visit_CallBlock(self, node: nodes.CallBlock, frame: Frame) -> None:
        """As Jinja does it, but what the called macro answers becomes bytes."""
        called, macro = self.macro_body(node, frame)
        self.writeline("caller = ")
        self.macro_def(macro, called)
        self.start_write(frame, node)
        self.write("text(")
        self.visit_Call(node.call, frame, forward_caller=True)
        self.write(")")
        self.end_write(frame)

    def visit_FromImport(self, node: nodes.FromImport, frame: Frame) -> None:
        """What needs no context is looked up once, not for every page."""
        if node.with_context or not isinstance(node.template, nodes.Const):
            super().visit_FromImport(node, frame)
            return
        for name in node.names:
            name, alias = (name, name) if isinstance(name, str) else name
            self.writeline(f"{frame.symbols.ref(alias)} = ", node)
            if frame.toplevel:
                self.write(f"context.vars[{alias!r}] = ")
            self.write(f"imported(environment, {node.template.value!r}, {name!r})")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """A template and a block hand over all they have at once: piece by piece, each would go through every layout."""
        outermost = frame.buffer is None
        if outermost:
            self.buffer(frame)
        super().blockvisit(nodes, frame)
        if outermost:
            self.writeline(f"yield b''.join({frame.buffer})")
            frame.buffer = None

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        """Pages are made of bytes from the start: encoding a page takes longer than compressing it."""
        return repr("".join(group).encode())

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        """In place of a call of `text`: nearly all pieces are plain."""
        self.write("(escaped(piece).encode() if (piece := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(").__class__ is str else text(piece))")
