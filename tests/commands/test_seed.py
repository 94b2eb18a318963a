"""The demo shop: the same for everybody, whole or not at all, and no second time."""

from datetime import datetime
from typing import Any

from app import clock
from app.demo import return_scenes
from app.demo.catalogue import MERCHANTS, PRODUCTS
from app.demo.return_rules import RULES
from app.piccolo_app import TABLES
from app.returns.rule_book import fits
from app.returns.rules import read
from tests.commands.conftest import Shell

STORY = "SELECT external_id, address, content_hash, stage, search_text FROM orders ORDER BY external_id"


async def everything(shell: Shell) -> dict[str, list[tuple[Any, ...]]]:
    names = [table._meta.tablename for table in TABLES]
    return {name: await shell.rows(f"SELECT * FROM {name} ORDER BY id") for name in names}


async def test_a_second_time_changes_nothing(shell: Shell) -> None:
    first = shell.json("seed")
    before = await everything(shell)
    second = shell.json("seed")
    assert await everything(shell) == before
    assert first["new"] == second["unchanged"] == len(before["orders"]) > 200
    assert second["new"] == second["updated"] == 0


async def test_two_installations_get_the_same_shop(shop: Shell, bare: Shell) -> None:
    bare.works("migrate")
    bare.works("seed")
    assert await shop.rows(STORY) == await bare.rows(STORY)


async def test_people_merchants_and_pictures_are_complete(shop: Shell) -> None:
    assert await shop.rows("SELECT name, locale, time_zone FROM customers ORDER BY email") == [
        ("Alice Martin", "fr", "Europe/Paris"), ("Bob Turner", "en", "Europe/London"), ("Chloé Favre", "fr", "Europe/Zurich"),
        ("Mo Delattre", "fr", "Europe/Paris"), ("Nia Okafor", "en", "Europe/Berlin"),
    ]  # fmt: skip
    works = "SELECT m.slug, c.email, mb.role FROM members mb JOIN merchants m ON m.id = mb.merchant JOIN customers c "
    assert await shop.rows(f"{works} ON c.id = mb.customer ORDER BY m.slug") == [
        ("alpages", "mo@example.com", "owner"), ("atelier-nord", "mo@example.com", "owner"),
        ("hifi-lambert", "nia@example.com", "owner"),
    ]  # fmt: skip
    shops = await shop.rows("SELECT slug, website, email, country, vat_id, address, legal, time_zone FROM merchants")
    assert len(shops) == 3
    assert all(all(cells) for cells in shops)
    pictures = {path.name: path.read_bytes() for path in (shop.place / "pictures").iterdir()}
    assert pictures.keys() == {product.picture for product in PRODUCTS}
    assert all(body.startswith(b"<svg") for body in pictures.values())
    asked = {row[0] for row in await shop.rows("SELECT DISTINCT picture FROM order_lines")}
    assert asked <= pictures.keys()


async def test_each_shop_says_what_it_takes_back_and_what_it_writes_later_stays(shop: Shell) -> None:
    sold = "SELECT slug, rules FROM return_rules r JOIN merchants m ON m.id = r.merchant ORDER BY r.id"
    found = [(slug, read(text)) for slug, text in await shop.rows(sold)]
    assert found == [(merchant.slug, RULES[merchant.slug]) for merchant in MERCHANTS]
    for slug, rules in found:
        offered = [it for it in PRODUCTS if it.merchant == slug]
        for named in (*rules.windows, *rules.exclusions, *rules.restocking):
            assert any(fits(named.patterns, it) for it in offered)
    await shop.change("""UPDATE return_rules SET rules = '{"default_days":99}'""")
    shop.works("seed")
    assert await shop.rows("SELECT DISTINCT rules FROM return_rules") == [('{"default_days":99}',)]


async def test_sellers_say_who_they_are_and_a_few_buyers_how_it_was(shop: Shell) -> None:
    said = await shop.rows("SELECT m.slug, i.name, count(*) FROM merchants m JOIN seller_identities i ON i.merchant = m.id "
                           "JOIN seller_policies p ON p.merchant = m.id GROUP BY m.slug, i.name ORDER BY m.slug")  # fmt: skip
    assert said == sorted((it.slug, it.legal_name, 2) for it in MERCHANTS)
    reviews = "SELECT m.slug, count(r.id) FROM merchants m JOIN reviews r ON r.merchant = m.id GROUP BY m.slug ORDER BY m.slug"
    stars = "SELECT m.slug, one + two + three + four + five FROM seller_stars s JOIN merchants m ON m.id = s.merchant"
    found = await shop.rows(reviews)
    assert found == await shop.rows(f"{stars} ORDER BY m.slug")
    assert min(count for _slug, count in found) >= 2
    shop.works("seed")
    assert await shop.rows(reviews) == found


async def test_what_a_person_has_chosen_stays(shop: Shell) -> None:
    await shop.change("UPDATE customers SET locale = 'en', time_zone = 'Asia/Tokyo' WHERE name = 'Alice Martin'")
    shop.works("seed")
    assert await shop.rows("SELECT locale, time_zone FROM customers WHERE name = 'Alice Martin'") == [("en", "Asia/Tokyo")]


async def test_a_database_that_holds_something_is_left_alone_when_it_had_to_be_empty(shell: Shell) -> None:
    assert shell.json("seed", "--if-empty")["seeded"] is True
    before = await everything(shell)
    assert shell.json("seed", "--if-empty") == {"seeded": False}
    assert await everything(shell) == before


async def test_four_that_seed_at_once_make_one_shop(shell: Shell) -> None:
    started = [shell.start("seed", "--json") for _ in range(4)]
    answers = [process.communicate(timeout=120)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0, 0], answers
    assert await shell.count("merchants") == await shell.count("members") == 3
    assert await shell.count("customers") == 5
    assert (await shell.rows("SELECT count(*), count(DISTINCT external_id) FROM orders"))[0] == (262, 262)


async def test_what_happened_lately_is_in_the_lists_the_newest_unread_and_nothing_is_sent(shop: Shell) -> None:
    told = await shop.rows("SELECT customer, at, read_at FROM notifications ORDER BY at")
    assert len(told) > 50
    read = [at for _, at, read_at in told if read_at is not None]
    unread = [at for _, at, read_at in told if read_at is None]
    assert max(read) < min(unread)
    assert await shop.rows("SELECT id, unread FROM customers ORDER BY id") == await shop.rows(
        "SELECT c.id, count(n.id) FROM customers c LEFT JOIN notifications n ON n.customer = c.id AND n.read_at IS NULL "
        "GROUP BY c.id ORDER BY c.id"
    )
    assert await shop.count("deliveries") == 0


async def test_a_few_returns_stand_in_their_main_states_and_nothing_is_sent(shop: Shell) -> None:
    found = await shop.rows(
        "SELECT m.slug, r.kind, r.state, c.name FROM returns r JOIN merchants m ON m.id = r.merchant "
        "JOIN customers c ON c.id = r.customer ORDER BY r.id"
    )
    states = {(kind, state) for _slug, kind, state, _name in found}
    assert {("return", "requested"), ("return", "in_transit"), ("return", "declined"), ("return", "refunded")} <= states
    assert {("claim", "open"), ("cancellation", "requested"), ("return", "received")} <= states
    assert {slug for slug, *_rest in found} == {merchant.slug for merchant in MERCHANTS}
    assert {name for *_rest, name in found} == {"Bob Turner", "Chloé Favre"}, "Alice's lists are what others count"
    assert await shop.rows("SELECT state, provider FROM refunds WHERE origin = 'counter'") == [("pending", "manual")]
    untold = "SELECT count(*) FROM events WHERE noticed_at IS NULL AND customer IN (SELECT customer FROM returns)"
    assert (await shop.rows(untold))[0] == (0,)
    assert await shop.count("deliveries") == 0


async def test_one_of_its_merchants_is_the_marketplace_until_somebody_says_otherwise(shop: Shell) -> None:
    assert await shop.rows("SELECT slug FROM merchants WHERE is_shop") == [("alpages",)]
    shop("shop", "--none")
    shop("seed")
    assert await shop.rows("SELECT slug FROM merchants WHERE is_shop") == []


async def test_the_returns_have_come_about_one_after_the_other_by_day(shop: Shell) -> None:
    """Each of its own minute, none in the night nor after now, and the newest at the top of the lists."""
    rows = await shop.rows("SELECT code, created_at FROM returns ORDER BY id")
    asked = [_instant(at) for _code, at in rows]
    assert len(asked) == len(return_scenes.SCENES) == len({at.replace(second=0) for at in asked})
    assert asked == sorted(asked)
    theirs = "customer IS NOT NULL AND (kind LIKE 'return_%' OR kind LIKE 'claim_%' OR kind LIKE 'refund_re%')"
    told = await shop.rows(f"SELECT at FROM events WHERE {theirs}")
    for at in [*asked, *(_instant(at) for (at,) in told)]:
        assert at < clock.now()
        assert 7 <= at.hour <= 20
    parcels = await shop.rows("SELECT tracking_number, scanned_at FROM shipments WHERE of_return IS NOT NULL")
    assert len({number for number, _seen in parcels}) == len(parcels) == 3
    assert all(seen for _number, seen in parcels)
    news = "SELECT count(*) FROM notifications WHERE topic = 'returns_and_refunds' AND read_at IS NULL GROUP BY customer"
    assert max(count for (count,) in await shop.rows(news)) <= 10, "at whatever hour: what happened yesterday"


def _instant(at: str | datetime) -> datetime:
    """Of either engine."""
    return datetime.fromisoformat(at) if isinstance(at, str) else at
