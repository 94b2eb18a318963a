"""Withdrawals: declared by who is signed in or by a guest, acknowledged at once with a paper, and told to the shop."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice
from app.mail import letters
from app.returns import acknowledging, declared, doubts, files, guests, kept, receipts, rules, withdrawals
from app.returns.declared import Told
from app.returns.rule_book import Exclusion, Rules
from tests import builders
from tests.accounts.steps import text_of
from tests.builders import ALICE, BOB
from tests.returns import bought, withdrawn
from tests.returns.asking_steps import said

OWNER, LEGAL = "mo@example.com", "Atelier Mo SARL, RCS 1"


async def _alices() -> tuple[Any, list[int]]:
    order = await bought.delivered()
    return order, await bought.line_ids(order)


async def test_who_is_signed_in_declares_and_has_paper_and_mail_at_once() -> None:
    await builders.member(OWNER, role="owner")
    order, (teapots, cup) = await _alices()
    code = await withdrawals.declare(order["customer"], {teapots: 1, cup: 1}, by="customer:1")
    it = await kept.owned_by(order["customer"], code)
    assert (it.it.state, it.it.expected, it.it.email) == ("goods_due", 4800 + 1250, ALICE)
    assert it.it.refund_by is not None
    assert it.it.send_by is not None
    assert await bought.told(code) == ["withdrawal_acknowledged", "withdrawal_goods_awaited"]
    await letters.post()
    (mail,) = withdrawn.sent_to()
    said = text_of(mail)
    assert "1 × Teapot “Brume”" in said
    assert "UTC" in said
    (file,) = mail.iter_attachments()
    assert file.get_content() == await acknowledging.paper(it)
    assert file.get_filename() == f"withdrawal-{code}.pdf"
    (told,) = withdrawn.sent_to(OWNER)
    assert f"due by {Voice('en', 'UTC').weekday(it.it.refund_by - timedelta(seconds=1))}" in text_of(told)
    assert code in str(told["Subject"])
    assert "cannot be declined" in text_of(told).replace("\n", " ")


async def test_two_touches_make_one_with_one_mail() -> None:
    order, (teapots, _cup) = await _alices()
    declare = (withdrawals.declare(order["customer"], {teapots: 2}, by="customer:1") for _touch in range(4))
    codes = set(await asyncio.gather(*declare))
    await letters.post()
    assert len(codes) == 1
    assert len(withdrawn.sent_to()) == 1
    assert len(list(files.folder().iterdir())) == 1


async def test_a_process_that_dies_before_the_paper_leaves_it_to_the_chore(monkeypatch: pytest.MonkeyPatch) -> None:
    order, (teapots, _cup) = await _alices()

    async def died(*_args: object) -> bytes:
        raise OSError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(receipts, "acknowledgement", died)
        code = await withdrawals.declare(order["customer"], {teapots: 1}, by="customer:1")
        await acknowledging.complete_all()
        with pytest.raises(Refused) as refused:
            await acknowledging.paper(await kept.by_code(code))
        assert refused.value.status == 503
    await acknowledging.complete_all()
    assert (await kept.by_code(code)).it.receipt == ""  # whoever took the declaration has half a minute for it
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        await acknowledging.complete_all()
        await acknowledging.complete_all()
    await letters.post()
    it = await kept.by_code(code)
    (mail,) = withdrawn.sent_to()
    assert [file.get_content() for file in mail.iter_attachments()] == [await acknowledging.paper(it)]


async def test_a_guest_has_nothing_but_a_mail_until_the_link_is_touched() -> None:
    order, _lines = await _alices()
    token = await withdrawn.guest()
    (row,) = await db.rows('SELECT code, state, customer, "order" FROM returns')
    assert (row["state"], row["customer"], row["order"]) == ("unconfirmed", None, None)
    with pytest.raises(Missing):
        await kept.owned_by(order["customer"], row["code"])
    with pytest.raises(Missing):
        await kept.at_desk(order["merchant"], row["code"])
    (mail,) = withdrawn.sent_to()
    assert "Alice Martin" not in text_of(mail)  # whoever types could write anything to anybody
    assert "1001" not in text_of(mail).replace(token, "")


async def test_touching_the_link_finds_the_order_and_all_of_it() -> None:
    await builders.member(OWNER, role="owner")
    order, _lines = await _alices()
    code = await guests.confirm(await withdrawn.guest(contract=" Order  #1001 "))
    it = await kept.owned_by(order["customer"], code)
    assert [(line.title, line.quantity, line.held) for line in it.lines] == [("Teapot “Brume”", 2, 2), ("Cup", 1, 1)]
    assert (it.it.state, it.it.expected, it.it.order, doubts.of(it)) == ("goods_due", 9600 + 1250 + 490, order["id"], "")
    assert it.it.contract == "Order #1001"
    assert await bought.told(code) == ["withdrawal_declared", "withdrawal_acknowledged", "withdrawal_goods_awaited"]
    await letters.post()
    assert len(withdrawn.sent_to()) == 2
    assert len(withdrawn.sent_to(OWNER)) == 1


async def test_a_link_touched_by_many_at_once_counts_once() -> None:
    await _alices()
    token = await withdrawn.guest()
    codes = await asyncio.gather(*(guests.confirm(token) for _touch in range(5)))
    await letters.post()
    assert len(set(codes)) == 1
    assert len(withdrawn.sent_to()) == 2
    rows = await db.rows("SELECT COUNT(*) AS n, SUM(held) AS held FROM return_lines")
    assert (rows[0]["n"], int(rows[0]["held"])) == (2, 3)


async def test_the_items_that_are_named_are_held_and_the_paper_says_no_more_than_the_words() -> None:
    order, _lines = await _alices()
    named = await kept.owned_by(order["customer"], await guests.confirm(await withdrawn.guest(items="only the CUP, please")))
    assert [line.title for line in named.lines] == ["Cup"]
    shown = await acknowledging.shown(named, withdrawn_voice())
    assert ("in the words below" in shown.statement, shown.items, shown.message) == (True, [], "only the CUP, please")


async def test_where_only_the_words_say_which_the_paper_says_the_words() -> None:
    order, _lines = await _alices()
    it = await kept.owned_by(order["customer"], await guests.confirm(await withdrawn.guest(items="the chipped one")))
    shown = await acknowledging.shown(it, withdrawn_voice())
    assert (doubts.of(it), len(it.lines), shown.items, shown.message) == ("unclear", 2, [], "the chipped one")
    assert "in the words below" in shown.statement


def withdrawn_voice() -> Voice:
    return Voice("en", "Europe/Paris")


@pytest.mark.parametrize(
    ("email", "contract"), [(BOB, "1001"), (ALICE, "1002"), (ALICE, "a teapot"), ("nobody@example.com", "1001"), (ALICE, "!")]
)
async def test_what_fits_no_order_is_acknowledged_and_found_by_people(email: str, contract: str) -> None:
    order, _lines = await _alices()
    await builders.order("2002", customer=builders.snapshot().customer.__class__(email=BOB, name="Bob"))
    code = await guests.confirm(await withdrawn.guest(email, contract))
    it = await kept.at_desk(order["merchant"], code)
    assert (it.it.state, it.it.customer, it.it.order, it.lines, doubts.of(it)) == ("acknowledged", None, None, [], "unknown")
    assert it.it.receipt
    assert it.it.titles == contract, "what they wrote stands for the items that nobody knows"
    statement = (await acknowledging.shown(it, withdrawn_voice())).statement
    assert "has withdrawn" not in statement


async def test_a_right_that_ends_between_the_declaration_and_the_link_is_not_lost() -> None:
    order = await bought.delivered(days=14)
    token = await withdrawn.guest()
    with time_machine.travel(clock.now() + timedelta(days=6, hours=23), tick=False):
        it = await kept.owned_by(order["customer"], await guests.confirm(token))
    assert (it.it.expected, doubts.of(it)) == (11340, "")


async def test_after_the_period_it_is_acknowledged_all_the_same_and_promises_nothing() -> None:
    await builders.member(OWNER, role="owner")
    order = await bought.delivered(days=60)
    code = await guests.confirm(await withdrawn.guest())
    it = await kept.owned_by(order["customer"], code)
    assert (it.it.state, it.it.expected, it.it.refund_by, doubts.of(it)) == ("acknowledged", 0, None, "late")
    assert [(line.title, line.held) for line in it.lines] == [("Teapot “Brume”", 0), ("Cup", 0)]
    assert {right["why"] for right in msgspec.json.decode(it.it.grounds)["rights"]} == {"over"}
    await letters.post()
    assert "After the period" in text_of(withdrawn.sent_to(OWNER)[0])
    assert "You get your money" not in text_of(withdrawn.sent_to()[-1])


async def test_goods_that_are_excepted_are_acknowledged_all_the_same() -> None:
    order, _lines = await _alices()
    await rules.save(order["merchant"], Rules(exclusions=(Exclusion(("Teapot*", "Cup"), "made_to_measure"),)), by=None)
    it = await kept.owned_by(order["customer"], await guests.confirm(await withdrawn.guest()))
    assert doubts.of(it) == "late"
    assert {right["reason"] for right in msgspec.json.decode(it.it.grounds)["rights"]} == {"made_to_measure"}


async def test_withdrawn_twice_the_second_is_acknowledged_and_holds_nothing() -> None:
    order, _lines = await _alices()
    first, second = await withdrawn.guest(), await withdrawn.guest(items="Everything")
    await guests.confirm(first)
    it = await kept.owned_by(order["customer"], await guests.confirm(second))
    assert (it.it.expected, it.lines, doubts.of(it)) == (0, [], "late")


async def test_the_same_sent_off_twice_has_one_mail() -> None:
    await _alices()
    told = await declared.check(Told(name="Alice", email=ALICE, contract="1001"))
    await asyncio.gather(*(guests.declare(told, withdrawn.HOME) for _touch in range(3)))
    await letters.post()
    assert len(withdrawn.sent_to()) == 1


async def test_what_nobody_confirms_is_forgotten_and_its_link_is_over() -> None:
    await _alices()
    token = await withdrawn.guest()
    await guests.forget()
    assert (await guests.found(token)).it.state == "unconfirmed"
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=False):
        with pytest.raises(Missing):
            await guests.confirm(token)
        await guests.forget()
    assert await db.rows("SELECT id FROM returns") == []


async def test_what_was_confirmed_is_never_forgotten_and_its_link_still_shows_it() -> None:
    await _alices()
    token = await withdrawn.guest()
    code = await guests.confirm(token)
    with time_machine.travel(clock.now() + timedelta(days=800), tick=False):
        await guests.forget()
        assert (await guests.found(token)).it.code == code


async def test_an_address_of_before_still_finds_its_order() -> None:
    order, _lines = await _alices()
    await db.execute("UPDATE customers SET email = 'new@example.com' WHERE id = {}", order["customer"])
    at = clock.now()
    await db.insert("email_changes", [{
        "customer": order["customer"], "old_email": ALICE, "new_email": "new@example.com", "token_hash": "x", "created_at": at,
        "expires_at": at, "confirmed_at": at,
    }])  # fmt: skip
    it = await kept.owned_by(order["customer"], await guests.confirm(await withdrawn.guest()))
    assert it.it.order == order["id"]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, {"name", "contract", "email"}),
        ({"name": "\0\u202e", "email": "a\0b@example.com", "contract": " "}, {"name", "contract", "email"}),
        ({"name": "x" * 201, "email": ALICE, "contract": "x" * 501, "items": "x" * 2_001}, {"name", "contract", "items"}),
        ({"name": "A", "email": ALICE, "contract": "1", "seller": "nobody"}, {"seller"}),
    ],
)
async def test_bad_input_is_refused_at_its_field(said: dict[str, str], fields: set[str]) -> None:
    await builders.merchant()
    with pytest.raises(Invalid) as refused:
        await declared.check(Told(**said))
    assert set(refused.value.fields) == fields


async def test_nobodys_mailbox_is_flooded() -> None:
    await builders.merchant()
    for n in range(5):
        await guests.declare(await declared.check(Told(name="A", email=BOB, contract=str(n))), withdrawn.HOME)
    with pytest.raises(Refused) as refused:
        await guests.declare(await declared.check(Told(name="A", email=BOB, contract="6")), withdrawn.HOME)
    assert refused.value.status == 429


async def test_the_acknowledgement_names_the_seller_also_where_no_order_fits(client: AsyncClient) -> None:
    merchant = await builders.merchant()
    await db.execute(
        "UPDATE merchants SET address = {}, legal = {} WHERE id = {}", "1 quai", "Atelier Mo SARL, RCS 1", merchant
    )
    token = await withdrawn.guest("zoe@example.com", "Z-99")
    code = await guests.confirm(token)
    await letters.post()
    assert "Seller: Atelier Mo" in text_of(withdrawn.sent_to("zoe@example.com")[-1])
    assert "Seller Atelier Mo" in said((await client.get(f"/withdrawal/{token}")).text)
    paper = await acknowledging.shown(await kept.by_code(code), Voice("en", "UTC"))
    assert (paper.merchant, paper.merchant_lines) == ("Atelier Mo", ["1 quai", LEGAL])
