"""Mails to a thread's address: whose they are, that they land once, what is refused and who hears of it."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
import time_machine

from app import clock, db
from app.inbox import about, mail_files, mail_kept, mail_taking, masked, merging, starting, tending
from app.inbox.files import SHELF
from app.inbox.mail_in import cutting, page_text, plain_text
from app.inbox.mail_in.reading import LARGEST, File
from app.inbox.mail_outcomes import Outcome
from app.inbox.mail_taking import take
from app.inbox.posting import Said
from app.mail import letters
from app.shelves import NewFile
from tests import builders
from tests.accounts.steps import mails, text_of
from tests.builders import ALICE, BOB
from tests.inbox.mail_steps import (
    DOMAIN,
    MO_MAIL,
    answered,
    gone_out,
    let_in,
    owned,
    pictures,
    said,
    shape,
    taken_in,
    thread,
    written,
)

LANDED, TWICE = Outcome("landed"), 2


@pytest.fixture(autouse=True)
def _answers(monkeypatch: pytest.MonkeyPatch) -> None:
    let_in(monkeypatch, mail_authserv="mx.shop.example")


async def test_a_customers_answer_is_theirs_and_waits_for_the_seller() -> None:
    code = await thread()
    await answered(code)
    assert await take(written(code, "On Wednesday, please.")) == LANDED
    it = await owned(code)
    assert (await said(code))[-1] == ("buyer", "On Wednesday, please.", "mail")
    assert (it.waiting_on, it.last_side) == ("seller", "buyer")


async def test_a_mail_has_seen_what_it_answers_and_nothing_that_was_said_meanwhile() -> None:
    code = await thread()
    await gone_out()
    await answered(code, "On Tuesday.")
    (mail,) = await gone_out()
    await answered(code, "Or Wednesday.")
    behind = f"{mail['References']} {mail['Message-ID']}"
    assert await take(written(code, "Tuesday is fine.", References=behind)) == LANDED
    it = await owned(code)
    assert (it.unread, it.message_count) == (1, 4)
    (newest, *_rest) = (one for one in await gone_out() if "Wednesday" in text_of(one))
    assert await take(written(code, "Wednesday, too.", References=str(newest["References"]))) == LANDED
    assert (await owned(code)).unread == 0


async def test_an_answer_from_the_desk_is_its_writers_and_goes_to_the_customer() -> None:
    mo = await builders.member(MO_MAIL)
    await db.execute("UPDATE customers SET name = 'Mo Durand' WHERE id = {}", mo)
    code = await thread()
    await gone_out()
    assert await take(written(code, "It left today.", side="desk", sender=f"Mo <{MO_MAIL}>")) == LANDED
    (row,) = await db.rows("SELECT side, author, name FROM messages WHERE via = 'mail'")
    assert (row["side"], row["author"], row["name"]) == ("seller", mo, "Mo Durand")
    (mail,) = await gone_out()
    assert str(mail["To"]) == ALICE
    assert MO_MAIL not in mail.as_string()


async def test_what_goes_out_and_is_answered_with_all_of_it_below_lands_as_the_answer_alone() -> None:
    code = await thread()
    await gone_out()
    await answered(code, "On Tuesday.")
    (mail,) = await gone_out()
    reply = "".join(f"> {line}\n" for line in text_of(mail).splitlines())
    to = mail["Reply-To"].addresses[0].addr_spec
    raw = written(code, f"Fine.\n\nOn 28 Nov 2026 Mo <{to}> wrote:\n{reply}", To=str(mail["Reply-To"]))
    assert await take(raw) == LANDED
    assert (await said(code))[-1][1] == "Fine."
    assert to not in (await taken_in())[-1]["cut"]


async def test_a_closed_thread_is_opened_by_it() -> None:
    code = await thread()
    await tending.close((await owned(code)).merchant, code, by="member:1")
    await take(written(code))
    assert (await owned(code)).closed_at is None


async def test_the_same_mail_lands_once_however_often_it_comes() -> None:
    code = await thread()
    raw = written(code, "Once.")
    assert set(await asyncio.gather(*(take(raw) for _ in range(4)))) == {LANDED}
    assert await take(raw) == LANDED
    assert [text for _side, text, _via in await said(code)] == ["Where is it?", "Once."]
    assert len(await taken_in()) == 1
    nameless = written(code, "No id.", Message_ID="")
    assert [await take(nameless) for _ in range(2)] == [LANDED, LANDED]
    assert len(await said(code)) == TWICE + 1


@pytest.mark.parametrize(
    "sender", ["ALICE@Example.com", '"Martin, Alice" <alice@example.com>', "=?utf-8?Q?Al=C3=AFce?= <alice@example.com>"]
)
async def test_an_address_is_known_however_it_is_written(sender: str) -> None:
    code = await thread()
    assert await take(written(code, sender=sender)) == LANDED


@pytest.mark.parametrize(
    "headers",
    [
        {"From": BOB},
        {"From": f"{ALICE}, {BOB}"},
        {"From": f"Alice <{ALICE}> <{BOB}>"},
        {"From": "undisclosed"},
        {"From": ""},
        {"From": ALICE, "Authentication-Results": "mx.shop.example; dkim=fail; dmarc=fail header.from=example.com"},
        {"From": f"{ALICE}\nFrom: {BOB}"},
    ],
)
async def test_who_is_not_surely_its_customer_waits_for_somebody_to_say_whose_it_is(headers: dict[str, str]) -> None:
    await builders.customer(BOB, "Bob")
    code = await thread()
    assert await take(written(code, "Give me the money.", **headers)) == Outcome("waiting", "unknown_sender")
    assert len(await said(code)) == 1


async def test_nobody_writes_as_the_other_side_or_to_another_desk() -> None:
    await builders.member(MO_MAIL)
    await builders.member("nia@example.com", builders.NIA)
    code = await thread()
    for side, sender in (("buyer", MO_MAIL), ("desk", ALICE), ("desk", "nia@example.com")):
        assert (await take(written(code, side=side, sender=sender))).state == "waiting", (side, sender)
    assert len(await said(code)) == 1


async def test_a_locked_account_writes_nothing() -> None:
    code = await thread()
    await db.execute("UPDATE customers SET locked_at = {}", clock.now())
    assert (await take(written(code))).state == "waiting"


@pytest.mark.parametrize("to", ["t-00000000-b00000000000000000000@reply.example.com", "alice@example.com", "", f"T-1@{DOMAIN}"])
async def test_an_address_that_was_never_given_out_leads_nowhere(to: str) -> None:
    code = await thread()
    raw = written(code, To=to)
    assert await take(raw) == Outcome("refused", "no_thread")
    assert await take(written(code), [to or "nobody@example.com"]) == Outcome("refused", "no_thread")
    assert await taken_in() == []


async def test_the_mail_server_may_say_to_whom_it_was_sent() -> None:
    code = await thread()
    raw = written(code, To="Atelier Mo <hidden@example.com>")
    assert await take(raw, ["someone@else.example", masked.address(code, "buyer").upper()], ALICE) == LANDED
    assert await take(written(code, To="x@example.com", Delivered_To=masked.address(code, "buyer"))) == LANDED


@pytest.mark.parametrize("envelope", ["", "<>", "MAILER-DAEMON", "mailer-daemon@mx.example.com"])
async def test_what_nobody_has_sent_is_passed_over(envelope: str) -> None:
    code = await thread()
    assert await take(written(code), (), envelope) == Outcome("ignored", "bounce")


async def test_more_than_a_person_writes_comes_again_when_an_hour_is_over_and_is_not_lost() -> None:
    code = await thread()
    for n in range(30):
        assert await take(written(code, f"Number {n}")) == LANDED
        await answered(code)
    one_more = written(code, "My address has changed.")
    assert [await take(one_more) for _ in range(2)] == [Outcome("later", "too_many")] * 2
    with time_machine.travel(clock.now() + timedelta(hours=1, minutes=1)):
        assert await take(one_more) == LANDED
    assert (await said(code))[-1][1] == "My address has changed."


async def test_strangers_do_not_use_up_what_a_customer_may_write() -> None:
    await builders.customer(BOB, "Bob")
    code = await thread()
    mail = b""
    for _ in range(10):
        assert (await take(written(code, sender=BOB))).state == "waiting"
    for _ in range(30):
        mail = written(code, sender=BOB)
        assert await take(mail) == Outcome("later", "too_many")
    assert await take(written(code)) == LANDED
    with time_machine.travel(clock.now() + timedelta(hours=1, minutes=1)):
        assert (await take(mail)).state == "waiting"


async def second_thread(code: str) -> str:
    it = await owned(code)
    asked = Said(side="buyer", text="Open on Sunday?", author=it.customer, name="Alice Martin")
    return await starting.start(it.customer, await about.merchant(it.merchant_slug), asked, subject="Sunday")


async def test_a_mail_to_two_conversations_lands_in_both_and_once_when_they_are_one() -> None:
    code = await thread()
    second = await second_thread(code)
    both = f"{masked.address(code, 'buyer')}, {masked.address(second, 'buyer')}"
    raw = written(code, "To both.", To=both)
    assert [await take(raw) for _ in range(2)] == [LANDED, LANDED]
    assert [(await said(one))[1:] for one in (code, second)] == [[("buyer", "To both.", "mail")]] * 2
    await merging.merge((await owned(code)).merchant, second, code, by="member:1", member=1)
    assert await take(written(code, "To the one.", To=both)) == LANDED
    assert [text for _side, text, _via in await said(second)].count("To the one.") == 1


async def test_a_mail_that_comes_while_two_become_one_goes_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    await builders.customer(BOB, "Bob")
    codes = [await thread()]
    codes += [await second_thread(codes[0]), await second_thread(codes[0]), await second_thread(codes[0])]
    it = await owned(codes[0])
    keep = mail_files.keep

    async def merged_meanwhile(files: Sequence[File]) -> tuple[list[NewFile], str]:
        await merging.merge(it.merchant, codes[-1], codes.pop(0), by="member:1", member=1)
        return await keep(files)

    monkeypatch.setattr(mail_files, "keep", merged_meanwhile)
    came = [written(codes[0]), written(codes[1], sender=BOB), written(codes[2], "> quoted")]
    assert [(await take(raw)).state for raw in came] == ["landed", "waiting", "refused"]
    last = (await owned(codes[0])).id
    assert {row["thread"] for row in await taken_in()} == {last}, "a purge takes it along"


async def test_who_is_known_hears_in_their_language_why_it_is_not_there_and_not_for_ever() -> None:
    code = await thread()
    await db.execute("UPDATE customers SET locale = 'fr' WHERE email = {}", ALICE)
    before = len(mails())
    for _ in range(5):
        await take(written(code, "> only quoted"))
    await letters.post()
    told = list(mails())[before:]
    assert len(told) == 3, "a mail that answers itself comes to an end"
    assert str(told[0]["To"]) == ALICE
    assert "n’est pas arrivé" in told[0]["Subject"]
    assert f"/inbox/{code}" in text_of(told[0])
    assert told[0]["Auto-Submitted"] == "auto-generated"
    assert DOMAIN not in told[0].as_string(), "its answers go nowhere near a thread"


async def test_a_stranger_is_told_nothing_by_us() -> None:
    code = await thread()
    assert await take(written(code, "> quoted", sender=BOB)) == Outcome("refused", "empty")
    await letters.post()
    assert [str(mail["To"]) for mail in mails()] == []


async def test_what_nobody_could_accept_does_not_wait_for_it() -> None:
    code = await thread()
    assert await take(written(code, "word " * 30_000, sender=BOB)) == Outcome("refused", "not_taken")
    assert await take(written(code, "word " * 30_000)) == Outcome("refused", "not_taken", told=True)
    assert {row["state"] for row in await taken_in()} == {"refused"}


async def test_one_that_is_too_large_is_refused_and_its_writer_told() -> None:
    code = await thread()
    raw = written(code) + b"x" * LARGEST
    assert await take(raw) == Outcome("refused", "too_large", told=True)
    await letters.post()
    assert "25" in text_of(list(mails())[-1])
    assert await take(raw) == Outcome("refused", "too_large", told=True)
    await letters.post()
    assert len(mails()) == 1, "said again, it is told once"
    just = written(code, "Just right.\n-- \n" + "x" * (LARGEST - 1000))
    assert await take(just) == LANDED


async def test_a_notice_to_many_is_not_answered_and_what_posting_says_is_told() -> None:
    code = await thread()
    await db.execute("UPDATE threads SET kind = 'policy'")
    assert await take(written(code)) == Outcome("refused", "not_taken", told=True)
    await letters.post()
    assert "sent to many" in text_of(list(mails())[-1])


async def test_pictures_are_not_left_behind_where_nothing_lands() -> None:
    code = await thread()
    await db.execute("UPDATE threads SET kind = 'policy'")
    await take(shape("picture-attached", code))
    assert await pictures(code) == []
    assert list(SHELF.folder().glob("*")) == []


async def test_what_a_program_says_is_a_picture_must_be_one() -> None:
    code = await thread()
    raw = shape("picture-alone", code).replace(b"iVBOR", b"AAAAA")
    assert (await take(raw)).reason == "empty"


RESULTS = {
    "mx.shop.example; dkim=pass header.d=example.com": "pass",
    "mx.shop.example 1; spf=pass; dkim=pass (2048-bit key) header.i=@mail.example.com header.b=x": "pass",
    "mx.shop.example; dkim=pass header.d=bulk.example": "other",
    "mx.shop.example; dkim=fail (body hash did not verify) header.d=example.com": "fail",
    "mx.shop.example; dkim=none": "none",
    "mx.evil.example; dkim=pass header.d=example.com": "",
    "mx.shop.example.evil.example; dkim=pass header.d=example.com": "",
    "mx.shop.example; spf=pass": "",
    'mx.shop.example; spf=pass smtp.mailfrom="x; dkim=pass header.d=example.com; y"@evil.example; dkim=none': "none",
    'mx.shop.example; x=1 (a " b); dkim=none; spf=pass smtp.mailfrom="; dkim=pass header.d=example.com; "@evil.example': "none",
    'mx.shop.example; spf=pass smtp.mailfrom="a\\"; dkim=pass header.d=example.com; \\""@evil.example; dkim=none': "none",
    "mx.shop.example; spf=pass (by (somebody); dkim=pass header.d=example.com); dkim=none": "none",
    "mx.shop.example; dkim=pass header.s=header.d=example.com header.d=evil.example": "other",
    'mx.shop.example; dkim=pass reason="a; b" header.i="@example.com"': "pass",
}


@pytest.mark.parametrize("header", RESULTS)
async def test_only_our_own_mail_server_says_whether_a_mail_is_signed(header: str) -> None:
    code = await thread()
    await take(written(code, Authentication_Results=header))
    assert (await taken_in())[0]["proof"] == RESULTS[header]


async def test_what_cannot_be_kept_in_a_database_is_left_out() -> None:
    code = await thread()
    await take(written(code, "a\0b"))
    assert (await said(code))[-1][1] == "ab"


async def test_the_secret_address_of_a_side_is_not_shown_to_the_other_one() -> None:
    code = await thread()
    await take(written(code, f"I wrote to {masked.address(code, 'buyer')} before"))
    assert (await said(code))[-1][1] == "I wrote to … before"


async def test_what_was_refused_and_what_nobody_has_decided_on_is_forgotten() -> None:
    code = await thread()
    await take(written(code))
    await take(written(code, Auto_Submitted="auto-replied"))
    await take(shape("picture-attached", code).replace(ALICE.encode(), BOB.encode()))
    assert len(await db.rows("SELECT id FROM mail_in_files")) == 1
    with time_machine.travel(clock.now() + timedelta(days=31)):
        await mail_kept.bite()
    assert [row["state"] for row in await taken_in()] == ["landed", "refused"]
    assert await db.rows("SELECT id FROM mail_in_files") == []
    with time_machine.travel(clock.now() + timedelta(days=91)):
        await mail_kept.bite()
    assert [row["state"] for row in await taken_in()] == ["landed"]


def alternatives(page: bytes, levels: int) -> bytes:
    """The same pages, and each time around them one way more to show the same."""
    for level in range(levels):
        kind = b"alternative" if level else b"mixed"
        parts = [page] * (1 if level else 2)
        body = b"".join(b"--b%d\n%s\n" % (level, part) for part in parts)
        page = b"Content-Type: multipart/%s; boundary=b%d\n\n%s--b%d--\n" % (kind, level, body, level)
    return page


HOSTILE = {
    "a page that says nothing, again and again": alternatives(
        b"Content-Type: text/html\n\n" + b"<b></b>" * 140_000 + b"\n", 17
    ),
    "parts in parts": b"Content-Type: multipart/mixed; boundary=a\n\n"
    + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 3000,
    "lines in parts in parts": b"".join(b"Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n" % (n, n) for n in range(300))
    + b"\nx\n" * 200_000,
    "many parts": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 5000,
    "no end": b"Content-Type: multipart/mixed; boundary=\n\n--\n" * 50,
    "strange header": b"Content-Type: text/plain; charset*=x''%; name*0*=\xff; =;;\nContent-Disposition: ;;=\"\n\nx",
    "strange encoding": b"Content-Transfer-Encoding: \xff\nContent-Type: text/plain; charset=idna\n\nx",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_no_mail_brings_us_down(name: str) -> None:
    code = await thread()
    head = f"From: {ALICE}\nTo: {masked.address(code, 'buyer')}\nMessage-ID: <1@x>\n".encode()
    begun = time.process_time()
    assert (await take(head + HOSTILE[name])).state in ("landed", "refused")
    assert time.process_time() - begun < 4
    assert (await take(b"")).reason in ("no_thread", "unreadable")
    assert (await take(b"\xff\xfe\x00" * 100)).state == "refused"


@pytest.mark.parametrize(
    "text",
    ["On " * 60_000, "> a\nb\n" * 30_000, "--\n" * 60_000, "From: x\n" * 60_000, "<!--" * 60_000, "<a b=" * 30_000,
     "<blockquote>" * 30_000, "On Mon, 1 a@b\n" * 40_000, "On 1 " + "wrote " * 30_000 + ":",
     "--\n> a\n" * 30_000, "> a\nOn x\n" * 30_000],
)  # fmt: skip
def test_no_text_takes_long_to_be_cut(text: str) -> None:
    begun = time.process_time()
    cutting.part(plain_text.lines(text)[:20_000])
    cutting.part(page_text.lines(text)[:20_000])
    assert time.process_time() - begun < 4


async def test_nothing_is_taken_where_the_operator_takes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    code = await thread()
    raw = written(code)
    monkeypatch.setattr(masked, "settings", mail_taking.settings)
    assert await take(raw) == Outcome("refused", "no_thread")
