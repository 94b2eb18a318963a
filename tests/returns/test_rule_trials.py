"""What other rules would have made of past returns: exactly what asking by them would have, and nothing they did not cause."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from app import clock, db, reading
from app.i18n import Voice
from app.returns import asking, deciding, past, rule_trial_cards, rule_trials, rules, settling, worth
from app.returns.asked import Asked, AskedLine
from app.returns.rule_book import DEFAULT, Exclusion, Restocking, Rules, Window
from app.returns.rule_trials import Outcome, Tried
from tests import builders
from tests.builders import MO, NIA
from tests.returns import bought

LENIENT = Rules(default_days=30, ways=("label", "own_carrier"))
STRICT = replace(
    LENIENT, shipping_fee={"EUR": 490}, restocking=(Restocking(patterns=("TEA-1",), basis_points=1550),), credit_bonus=1000,
    auto_below={"EUR": 5000}, auto_reasons=("changed_mind", "wrong_size"),
)  # fmt: skip


async def returned(n: str = "1001", days: float = 3, lines: int = 1, **about: Any) -> str:
    order = await bought.delivered(n, days)
    ids = (await bought.line_ids(order))[:lines]
    what = replace(bought.asked(ids[0], **about), lines=[bought.asked(it, **about).lines[0] for it in ids])
    return await asking.ask(order["customer"], what, by="customer:1")


async def tried(theirs: Rules, merchant: str = MO) -> list[Tried]:
    return await rule_trials.of_merchant(await builders.merchant(merchant), theirs)


async def one(theirs: Rules) -> Tried:
    (found,) = await tried(theirs)
    return found


ASKED: Mapping[str, dict[str, Any]] = {
    "money": {"way": "label"},
    "credit": {"way": "label", "wish": "store_credit"},
    "two lines": {"way": "label", "lines": 2},
    "own carrier": {"way": "own_carrier"},
    "exchange": {"way": "label", "wish": "exchange", "wanted": "blue"},
    "the shop's fault": {"way": "label", "reason": "not_as_described"},
    "withdrawal": {"kind": "withdrawal", "way": "label"},
    "claim": {"kind": "claim"},
}


@pytest.mark.parametrize("case", ASKED)
@pytest.mark.parametrize(("before", "after"), [(LENIENT, STRICT), (STRICT, LENIENT)])
async def test_it_is_what_asking_by_these_rules_would_have_made_of_it(case: str, before: Rules, after: Rules) -> None:
    """The same asked at another shop with the other rules is the measure."""
    shop = await builders.merchant()
    await rules.save(shop, before, by=None)
    await returned("1", **ASKED[case])
    found = await one(after)
    await db.execute("DELETE FROM return_lines")
    await db.execute("DELETE FROM returns")
    await db.execute("DELETE FROM return_rules")  # else what was promised before them would hold
    await rules.save(shop, after, by=None)
    await returned("2", **ASKED[case])
    again = await one(after)
    assert not again.differs
    assert found.after == again.before


async def test_the_same_rules_make_no_difference_whatever_became_of_it() -> None:
    shop = await builders.merchant()
    await rules.save(shop, STRICT, by=None)
    codes = [await returned(str(n), **about) for n, about in enumerate(ASKED.values())]
    await settling.refund(shop, codes[0], by="member:1")
    await deciding.decline(shop, codes[5], clause="used", answer="", by="member:1")
    assert [it.it.code for it in await tried(STRICT)] == codes[::-1]
    assert not any(it.differs for it in await tried(STRICT))


async def test_a_shorter_window_would_have_been_over_on_that_day_not_today() -> None:
    await rules.save(await builders.merchant(), LENIENT, by=None)
    await returned(days=20)
    assert (await one(Rules(default_days=20))).after.why == ""
    assert (await one(Rules(default_days=19))).after == Outcome("over", False, 0, 0, 0)
    await db.execute("UPDATE returns SET created_at = {}", clock.now() - timedelta(days=15))
    assert (await one(Rules(default_days=6))).after.why == "", "asked for on the fifth day"
    assert (await one(Rules(default_days=4))).after.why == "over"
    by_goods = Rules(default_days=4, windows=(Window(patterns=("TEA-*",), days=30),))
    assert (await one(by_goods)).after.why == ""


async def test_what_is_excluded_and_what_the_law_keeps() -> None:
    await rules.save(await builders.merchant(), LENIENT, by=None)
    await returned("1")
    await returned("2", kind="withdrawal")
    whim = Exclusion(patterns=("TEA-1",), reason="not_returned")
    withdrawal, by_rules = await tried(replace(LENIENT, exclusions=(whim,)))
    assert (withdrawal.differs, by_rules.after.why) == (False, "excluded"), "a shop's own wish takes no withdrawal away"
    withdrawal, _by_rules = await tried(replace(LENIENT, exclusions=(replace(whim, reason="made_to_measure"),)))
    assert withdrawal.after.why == "exempt"
    withdrawal, _by_rules = await tried(replace(LENIENT, withdrawal="off"))
    assert withdrawal.after.why == "not_offered"


async def test_what_other_news_has_closed_since_is_not_the_rules_doing() -> None:
    await rules.save(await builders.merchant(), LENIENT, by=None)
    await returned(days=3)
    earlier = clock.now() - timedelta(days=300)
    await db.execute("UPDATE shipments SET delivered_at = {}, shipped_at = {}", earlier, earlier)
    assert not (await one(LENIENT)).differs
    assert (await one(replace(LENIENT, default_days=31))).after.why == ""


async def test_a_return_of_which_the_source_has_taken_the_line_away_is_left_as_it_was() -> None:
    await rules.save(await builders.merchant(), LENIENT, by=None)
    await returned()
    await db.execute("DELETE FROM shipment_lines")
    await db.execute("DELETE FROM order_lines")
    assert not (await one(LENIENT)).differs


@pytest.mark.skipif(not db.ON_SQLITE, reason="PostgreSQL reads small tables whole, whatever indexes there are")
@pytest.mark.parametrize("part", past.PARTS, ids=lambda part: part.kind.__name__)
async def test_no_table_is_read_whole_for_it(part: reading.Part) -> None:
    plan = await db.rows(f"EXPLAIN QUERY PLAN SELECT {part.names} {part.rest}", await builders.merchant())
    assert [row["detail"] for row in plan if row["detail"].startswith("SCAN") and "LIST SUBQUERY" not in row["detail"]] == []


async def test_what_an_earlier_version_promised_is_what_it_is_held_against() -> None:
    """By the rules of the day on which it was asked for alone nothing of the order could have come back."""
    shop, none = await builders.merchant(), Rules(windows=(Window(("TEA-1",), 0),), ways=("label",))
    await rules.save(shop, LENIENT, by=None)
    await db.execute("UPDATE return_rules SET at = {}", clock.now() - timedelta(days=100))
    await rules.save(shop, none, by=None)
    await returned(way="label")
    assert not (await one(LENIENT)).differs
    assert (await one(none)).after.why == "no_window"


async def test_at_once_is_told_from_decided() -> None:
    shop = await builders.merchant()
    await rules.save(shop, STRICT, by=None)
    await returned("1", way="label")
    assert (await one(LENIENT)).before.at_once
    assert not (await one(LENIENT)).after.at_once
    assert not (await one(replace(STRICT, auto_below={"EUR": 4800}))).after.at_once, "less than, not as much as"
    assert (await one(replace(STRICT, auto_below={"EUR": 4801}))).after.at_once
    assert not (await one(replace(STRICT, auto_below={"USD": 9999}))).after.at_once


async def test_what_is_promised_beyond_the_rules_stays_promised() -> None:
    shop = await builders.merchant()
    await rules.save(shop, LENIENT, by=None)
    code = await returned(way="label")
    (row,) = await db.rows("SELECT grounds FROM returns WHERE code = {}", code)
    (promise,) = worth.promises(row["grounds"])
    await db.execute(
        "UPDATE returns SET grounds = {} WHERE code = {}", worth.raised(row["grounds"], {promise.order: 500}), code
    )
    found = await one(replace(LENIENT, shipping_fee={"EUR": 490}))
    assert (found.before.back, found.after.back) == (promise.total + 500, promise.total + 500 - 490)


async def test_only_ones_own_and_only_the_newest() -> None:
    await returned("1")
    other = await bought.delivered("9", merchant=NIA)
    what = Asked("return", [AskedLine((await bought.line_ids(other))[0], 1, "changed_mind")])
    strange = await asking.ask(other["customer"], what, by="customer:1")
    order = await bought.delivered("2", lines=[builders.line(str(n)) for n in range(past.MOST)])
    codes = [await asking.ask(order["customer"], bought.asked(line), by="customer:1") for line in await bought.line_ids(order)]
    assert [it.it.code for it in await tried(DEFAULT)] == codes[::-1]
    assert [it.it.code for it in await tried(DEFAULT, NIA)] == [strange]


async def test_all_of_them_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    await rules.save(await builders.merchant(), LENIENT, by=None)
    for n in range(1, 5):
        await returned(str(n), way="label")
    shop, reads, together = await builders.merchant(), [], reading.together

    async def counted(parts: tuple[reading.Part, ...], *args: Any) -> list[list[Any]]:
        reads.append(args)
        return await together(parts, *args)

    async def never(*_args: Any) -> None:
        raise AssertionError("read by itself")

    monkeypatch.setattr(reading, "together", counted)
    for name in ("one", "scan"):  # `together` itself asks for rows
        monkeypatch.setattr(db, name, never)
    assert len(await rule_trials.of_merchant(shop, STRICT)) == 4
    assert reads == [(shop,)]


@pytest.mark.parametrize(
    ("locale", "said", "cells"),
    [
        ("en", "Of 1 past return, 1 would have gone otherwise.",
         [("Decision", "You decide", ""), ("Way back", "€4.90", "€0.00"), ("Kept", "€7.44", "€0.00"),
          ("Comes back", "€35.66", "€48.00")]),
        ("fr", "Sur 1 retour passé, 1 aurait été traité autrement.",
         [("Décision", "Vous décidez", ""), ("Renvoi", "4,90\xa0€", "0,00\xa0€"), ("Retenu", "7,44\xa0€", "0,00\xa0€"),
          ("Remboursé", "35,66\xa0€", "48,00\xa0€")]),
    ],
)  # fmt: skip
async def test_it_is_told_in_words_and_sums(locale: str, said: str, cells: list[tuple[str, str, str]]) -> None:
    await rules.save(await builders.merchant(), LENIENT, by=None)
    await returned(way="label")
    shown = rule_trial_cards.trial(await tried(replace(STRICT, auto_below={})), Voice(locale))
    assert shown.said == said
    assert [(it.title, it.now, it.before) for it in shown.differences[0].cells] == cells
    assert [before for _title, before, _now in shown.sums[:2]] == ["0", "0"]
    assert shown.sums[-1][1:] == (cells[-1][2], cells[-1][1])


async def test_nothing_to_try_on_is_said_in_so_many_words() -> None:
    shown = rule_trial_cards.trial(await tried(STRICT), Voice("en"))
    assert (shown.said, shown.sums, shown.differences) == (
        "There are no returns yet that these rules could be tried on.", [], [],
    )  # fmt: skip
