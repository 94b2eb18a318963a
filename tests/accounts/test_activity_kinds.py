"""Whatever accounts, merchants and notifications record of a customer can be told: found by walking their syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.accounts import activity_kinds
from app.i18n import Voice

pytestmark = pytest.mark.without_database

APP = Path(__file__).parents[2] / "app"
TREES = {
    path: ast.parse(path.read_text())
    for room in ("accounts", "merchants", "notifications")
    for path in sorted((APP / room).rglob("*.py"))
}
ICONS = (APP.parent / "static/icons/ICONS").read_text().split()

Recorded = Iterator[tuple[str, str]]


def recorded(trees: dict[Path, ast.Module]) -> Recorded:
    """(where, kind) of each `record(…, customer=…)`. A kind that a function is given is looked for at all its calls."""
    for path, tree in trees.items():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and _name(call) == "record" and _of_a_customer(call):
                        yield from _kinds(path, function, call.args[0], trees)


def _kinds(
    path: Path, function: ast.FunctionDef | ast.AsyncFunctionDef, said: ast.expr, trees: dict[Path, ast.Module]
) -> Recorded:
    where = f"{path.name}:{said.lineno}"
    if isinstance(said, ast.Constant) and isinstance(said.value, str):
        yield where, said.value
        return
    if isinstance(said, ast.IfExp):
        yield from _kinds(path, function, said.body, trees)
        yield from _kinds(path, function, said.orelse, trees)
        return
    if isinstance(said, ast.Name) and (set_to := _assigned(function, said.id)):
        for value in set_to:
            yield from _kinds(path, function, value, trees)
        return
    names = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
    assert isinstance(said, ast.Name), f"{where}: say the kind as a text"
    assert said.id in names, f"{where}: say the kind as a text, or give it as an argument"
    place, found = names.index(said.id), False
    near = {path: trees[path]} if function.name.startswith("_") else trees
    for other, tree in near.items():
        for caller in ast.walk(tree):
            if not isinstance(caller, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for call in ast.walk(caller):
                if isinstance(call, ast.Call) and _name(call) == function.name:
                    given = {keyword.arg: keyword.value for keyword in call.keywords}
                    value = given.get(said.id) or (call.args[place] if place < len(call.args) else None)
                    assert value is not None, f"{where}: a kind is not said as a text at {other.name}:{call.lineno}"
                    found = True
                    yield from _kinds(other, caller, value, trees)
    assert found, f"{where}: nobody says which kind"


def _assigned(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> list[ast.expr]:
    """What a name is set to in a function."""
    found = []
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            assert node.value is not None
            found.append(node.value)
    return found


def _of_a_customer(call: ast.Call) -> bool:
    return any(keyword.arg in ("customer", None) for keyword in call.keywords)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


RECORDED = sorted(set(recorded(TREES)))


@pytest.mark.parametrize(("where", "kind"), RECORDED)
def test_every_kind_that_is_recorded_has_a_sentence(where: str, kind: str) -> None:
    assert kind in activity_kinds.every(Voice("en")), f"{where}: add “{kind}” to activity_kinds.py"


def test_the_walk_finds_what_is_there() -> None:
    kinds = {kind for _, kind in RECORDED}
    assert {"signed_in", "passkey_added", "authenticator_removed", "account_locked", "session_ended"} <= kinds
    made_up = ast.parse("async def f(): await record('cat_fed', customer=1)")
    assert list(recorded({APP: made_up})) == [("app:1", "cat_fed")]
    given = ast.parse("async def f(kind): await record(kind, customer=1)\ndef g(): f('cat_fed' if late else 'cat_slept')")
    assert {kind for _, kind in recorded({APP: given})} == {"cat_fed", "cat_slept"}
    for unclear in (
        "def f(): record(kind, customer=1)",
        "def f(kind): record(kind, **about)",
        "def f(k): record(k, customer=1)",
    ):
        with pytest.raises(AssertionError):
            list(recorded({APP: ast.parse(unclear)}))


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_each_has_words_and_a_picture_that_is_there(locale: str) -> None:
    for kind, said in activity_kinds.every(Voice(locale)).items():
        assert said.icon in ICONS, kind
        assert said.text, kind
        assert said.tone in ("", "good", "wait", "bad"), kind


def test_a_kind_belongs_to_one_group_and_many_of_a_noisy_one_have_words() -> None:
    grouped = [kind for group in activity_kinds.GROUPS for kind in activity_kinds.kinds(group)]
    assert sorted(grouped) == sorted(set(grouped)) == sorted(activity_kinds.kinds())
    for kind in activity_kinds.NOISY:
        assert kind in grouped
        assert "12" in activity_kinds.together(kind, 12, Voice("fr"))


def test_no_kind_has_words_that_nobody_records() -> None:
    assert set(activity_kinds.kinds()) == {kind for _where, kind in recorded(TREES)}
