"""Only what a phone has not is sent: of lists by their blocks, of an order by another one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.offline import blocks, likeness
from tests.offline.phone import pieced

pytestmark = pytest.mark.without_database

PIECES = st.lists(
    st.sampled_from(["<li a>one", "<li b>two</li>", "<article>é", "<section>", "text", "<b>", "€" * 50]), max_size=12
)
TEXTS = st.lists(st.sampled_from(["a" * 30, "bcd" * 20, "<svg class=icon>" * 4, "é", "x", "12 rue", "\n" * 16]), max_size=20)


@given(PIECES, PIECES)
def test_a_page_is_put_together_of_its_blocks(before: list[str], after: list[str]) -> None:
    old, new = "".join(before), "".join(after)
    had = blocks.BETWEEN.split(old.encode())
    parts = blocks.parts(new.encode(), blocks.mark(old.encode()))
    made = [part.encode() if isinstance(part, str) else b"".join(had[part[0] : part[1]]) for part in parts]
    assert b"".join(made).decode() == new


def test_of_a_list_with_one_more_line_only_that_line_is_said() -> None:
    lines = [f"<li id={n}>{n}</li>" for n in range(30)]
    old, new = "<ol>" + "".join(lines) + "</ol>", "<ol>" + "<li id=new>new</li>" + "".join(lines) + "</ol>"
    assert blocks.parts(new.encode(), blocks.mark(old.encode())) == [(0, 1), "<li id=new>new</li>", (1, 31)]


@given(TEXTS, TEXTS)
def test_an_order_is_put_together_of_another_one(base: list[str], text: list[str]) -> None:
    known, new = "".join(base), "".join(text)
    assert pieced(likeness.told(new, known), known) == new


def test_what_two_orders_have_in_common_is_not_said() -> None:
    base = "".join(f"<p>{n} and what is said of it</p>" for n in range(200))
    parts = likeness.told(base.replace("100 and", "one hundred and"), base)
    assert sum(len(part) for part in parts if isinstance(part, str)) < 60


def test_signs_that_javascript_counts_twice_are_sent_as_they_are() -> None:
    assert likeness.told("a" * 100 + "\U0001f381", "a" * 100) == ["a" * 100 + "\U0001f381"]
    assert likeness.told("a" * 100, "a" * 100 + "\U0001f381") == ["a" * 100]
