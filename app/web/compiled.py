"""Page templates, compiled once per language: whatever is the same for all who speak it becomes part of a template's text.

Folded are `_("…")`, `asset("…")`, and macros imported without context that are called with constants: they see nothing
else (see templates/parts/ui.html). Looking up words and drawing icons that never change was two thirds of a page's cost.
"""

from functools import cache, partial
from typing import Any

from jinja2 import Environment, Template, UndefinedError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escaped

from app import i18n
from app.web import templating


def render(name: str, locale: str, context: dict[str, Any]) -> str:
    """The same as `templating.render`, which is asked where this fails: it finds an item of a dict under an attribute's
    name, and names the line of a mistake in the file where it is."""
    try:
        return _template(name, locale).render(context)
    except (AttributeError, UndefinedError):
        return templating.render(name, context)


@cache
def _template(name: str, locale: str) -> Template:
    return _environment(locale).get_template(name)


@cache
def _environment(locale: str) -> Environment:
    made = templating.environment.overlay()
    made.code_generator_class = partial(Folding, locale)  # type: ignore[assignment]
    # Jinja's own is a chain of mappings, walked to its end by every page, include and import.
    made.make_globals = lambda more: {**made.globals, **(more or {})}  # type: ignore[method-assign]
    return made


def text(value: Any) -> str:
    """`escape` for a piece that only goes into the page: it need not be marked as safe, which costs more than escaping."""
    kind = type(value)
    if kind is str:
        return escaped(value)
    return value if kind is Markup else str(value) if kind is int else escape(value)


@cache
def imported(environment: Environment, template: str, name: str) -> Any:
    return getattr(environment.get_template(template).module, name)


class Folding(CodeGenerator):
    """Jinja's own compiler, which merges neighbouring constants into one text; it is only handed more of them."""

    def __init__(self, locale: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.locale = locale

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
        self.writeline(f"from {__name__} import escaped, imported, text")
        super().visit_Template(folded(node, self.environment, self.locale), frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Without the detour over `environment.getattr`, which would try an item where there is no such attribute."""
        if isinstance(node.node, nodes.Name) and node.node.name == "self":
            return super().visit_Getattr(node, frame)
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_FromImport(self, node: nodes.FromImport, frame: Frame) -> None:
        """What needs no context is looked up once, not for every page."""
        if node.with_context or not isinstance(node.template, nodes.Const):
            return super().visit_FromImport(node, frame)
        for name in node.names:
            name, alias = (name, name) if isinstance(name, str) else name
            self.writeline(f"{frame.symbols.ref(alias)} = ", node)
            if frame.toplevel:
                self.write(f"context.vars[{alias!r}] = ")
            self.write(f"imported(environment, {node.template.value!r}, {name!r})")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        """In place of a call of `text`: nearly all pieces are plain."""
        if _escapes(frame):
            self.write("(escaped(piece) if (piece := ")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _escapes(frame):
            self.write(").__class__ is str else text(piece))")
        else:
            super()._output_child_post(node, frame, finalize)


def _escapes(frame: Frame) -> bool:
    return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile


def folded(tree: nodes.Template, environment: Environment, locale: str) -> nodes.Template:
    tree = Folder(environment, locale, tree).visit(tree)
    used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    for block in (tree, *tree.find_all(nodes.Block)):  # imports of which nothing is left to call
        block.body = [one for one in block.body if not isinstance(one, nodes.FromImport) or used.intersection(_names(one))]
    return tree


def _names(found: nodes.FromImport) -> set[str]:
    return {name if isinstance(name, str) else name[1] for name in found.names}


class Folder(NodeTransformer):
    def __init__(self, environment: Environment, locale: str, tree: nodes.Template) -> None:
        self.environment, self.locale = environment, locale
        assigned = {name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"}
        self.macros = {name: source for name, source in _imported(tree).items() if name not in assigned}

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or not all(isinstance(one, nodes.Const) for one in node.args):
            return node
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        return self._folded(node.node.name, [one.value for one in node.args if isinstance(one, nodes.Const)], node)

    def visit_Include(self, node: nodes.Include) -> nodes.Stmt:
        """The included template itself, in a scope of its own."""
        if not isinstance(node.template, nodes.Const) or node.ignore_missing or not node.with_context:
            return node
        name = node.template.value
        source, file, _current = self.environment.loader.get_source(self.environment, name)  # type: ignore[union-attr]
        tree = folded(self.environment.parse(source, name, file), self.environment, self.locale)
        return nodes.Scope(tree.body, lineno=node.lineno)

    def _folded(self, name: str, arguments: list[Any], node: nodes.Call) -> nodes.Expr:
        if name == "_":  # as Jinja's "newstyle" gettext does it: the catalogue is HTML, and %% is a percent sign
            return nodes.Const(Markup(i18n.translations(self.locale).gettext(arguments[0])) % {}, lineno=node.lineno)  # noqa: S704
        if name == "asset":
            return nodes.Const(templating.assets.url(arguments[0]), lineno=node.lineno)
        if name in self.macros:
            macro = imported(self.environment, self.macros[name], name)
            return nodes.Const(macro(*arguments), lineno=node.lineno)
        return node


def _imported(tree: nodes.Template) -> dict[str, str]:
    """Macro → the template it comes from."""
    return {
        name: found.template.value
        for found in tree.find_all(nodes.FromImport)
        if not found.with_context and isinstance(found.template, nodes.Const)
        for name in found.names
        if isinstance(name, str)
    }
