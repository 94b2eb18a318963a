"""What of a template is known when it is compiled, worked out then: words, addresses of assets, icons, includes.

Folded are `_("…")`, `asset("…")`, and macros imported without context that are called with constants: they see nothing
else (see templates/parts/ui.html). Looking up words and drawing icons that never change was two thirds of a page's cost.
"""

from functools import cache
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from app import i18n
from app.web import templating


@cache
def imported(environment: Environment, template: str, name: str) -> Any:
    """A macro of a template that is imported without context."""
    return getattr(environment.get_template(template).module, name)


def folded(tree: nodes.Template, environment: Environment, locale: str) -> nodes.Template:
    tree = Folder(environment, locale, tree).visit(tree)
    used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    blocks: list[Any] = [tree, *tree.find_all(nodes.Block)]
    for block in blocks:  # imports of which nothing is left to call
        block.body = [one for one in block.body if not isinstance(one, nodes.FromImport) or used.intersection(_names(one))]
    return tree


class Folder(NodeTransformer):
    def __init__(self, environment: Environment, locale: str, tree: nodes.Template) -> None:
        self.environment, self.locale = environment, locale
        assigned = {name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"}
        self.macros = {name: source for name, source in _macros(tree).items() if name not in assigned}

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or not all(isinstance(one, nodes.Const) for one in node.args):
            return node
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        return self._folded(node.node.name, [one.value for one in node.args if isinstance(one, nodes.Const)], node)

    def _folded(self, name: str, arguments: list[Any], node: nodes.Call) -> nodes.Expr:
        if name == "_":  # as Jinja's "newstyle" gettext does it: the catalogue is HTML, and %% is a percent sign
            words = Markup(i18n.translations(self.locale).gettext(arguments[0]))  # noqa: S704
            return nodes.Const(words % {}, lineno=node.lineno)
        if name == "asset":
            return nodes.Const(templating.assets.url(arguments[0]), lineno=node.lineno)
        if name in self.macros:
            macro = imported(self.environment, self.macros[name], name)
            return nodes.Const(macro(*arguments), lineno=node.lineno)
        return node

    def visit_Include(self, node: nodes.Include) -> nodes.Stmt:
        """The included template itself, in a scope of its own."""
        if not isinstance(node.template, nodes.Const) or node.ignore_missing or not node.with_context:
            return node
        name = node.template.value
        source, file, _current = self.environment.loader.get_source(self.environment, name)  # type: ignore[union-attr]
        tree = folded(self.environment.parse(source, name, file), self.environment, self.locale)
        return nodes.Scope(tree.body, lineno=node.lineno)


def _macros(tree: nodes.Template) -> dict[str, str]:
    """Macro → the template it is imported from."""
    return {
        name: found.template.value
        for found in tree.find_all(nodes.FromImport)
        if not found.with_context and isinstance(found.template, nodes.Const)
        for name in found.names
        if isinstance(name, str)
    }


def _names(found: nodes.FromImport) -> set[str]:
    return {name if isinstance(name, str) else name[1] for name in found.names}
