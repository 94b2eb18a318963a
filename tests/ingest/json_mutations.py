"""Good JSON with some of its values, at any depth, replaced by anything, left out, or doubled."""

import copy
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text(max_size=20)
    | st.sampled_from(["", "-1", "1e400", "NaN", "0.001", "USD", "9999-12-31T23:59:59-23:00", "0001-01-01", "\x00", "\ud800"])
    | st.sampled_from([2**63, -(2**70), Decimal("1E+999999"), Decimal("sNaN")]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside, the deepest ones included."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way for key, each in inside for way in [(*path, key), *places(each, (*path, key))]]


@st.composite
def mutated(draw: st.DrawFn, good: Any) -> Any:
    result = copy.deepcopy(good)
    for way in draw(st.lists(st.sampled_from(places(good)), min_size=1, max_size=4)):
        change = draw(st.sampled_from(["replace", "replace", "leave out", "double"]))
        _change(result, way, change, draw(ANYTHING) if change == "replace" else None)
    return result


def _change(value: Any, way: tuple[Any, ...], change: str, new: Any) -> None:
    """Nothing, where an earlier change has already taken the place away."""
    try:
        for key in way[:-1]:
            value = value[key]
        if change == "replace":
            value[way[-1]] = new
        elif change == "leave out":
            del value[way[-1]]
        elif isinstance(value, list):
            value.append(copy.deepcopy(value[way[-1]]))
    except (KeyError, IndexError, TypeError):
        return
