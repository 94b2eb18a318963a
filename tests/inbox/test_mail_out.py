"""Every message goes out as a mail that can be answered, under the other's name and nobody's address but the thread's."""

from email.message import EmailMessage

import pytest
from msgspec.structs import replace

from app import db
from app.inbox import masked, posting, putting
from app.inbox.posting import Said
from app.merchants import shop
from app.notifications import preferences
from app.notifications.preferences import DEFAULTS, Choices
from app.settings import settings
from tests import builders
from tests.accounts.steps import text_of
from tests.builders import ALICE, BOB, MO, NIA
from tests.inbox.mail_steps import DOMAIN, LEA, MO_MAIL, answered, asked, gone_out, let_in, owned, thread
from tests.notifications.letters import html_of
from tests.notifications.steps import told


@pytest.fixture(autouse=True)
def _answers(monkeypatch: pytest.MonkeyPatch) -> None:
    let_in(monkeypatch)


def whole(mail: EmailMessage) -> str:
    return f"{mail.as_string()} {text_of(mail)} {html_of(mail)}"


async def test_an_answer_reaches_the_customer_whole_and_is_answered_to_the_thread() -> None:
    code = await thread()
    await gone_out()
    await answered(code, "On Tuesday.\n\nThe lid <b>too</b>.")
    (mail,) = await gone_out()
    assert mail["From"].addresses[0].display_name == "Mo, Atelier Mo"
    assert mail["From"].addresses[0].domain != DOMAIN
    assert masked.read(mail["Reply-To"].addresses[0].addr_spec) == masked.To(code, "buyer")
    assert "Teapot “Brume”" in mail["Subject"]
    assert "On Tuesday.\n\nThe lid <b>too</b>." in text_of(mail)
    assert "The lid &lt;b&gt;too&lt;/b&gt;." in html_of(mail)
    assert "above this line" in text_of(mail)


async def test_every_question_reaches_the_desk_not_only_the_first() -> None:
    await builders.member(MO_MAIL)
    code = await thread()
    (first,) = await gone_out()
    await asked(code, "And the lid?")
    (second,) = await gone_out()
    assert [str(mail["To"]) for mail in (first, second)] == [MO_MAIL, MO_MAIL]
    assert "Where is it?" in text_of(first)
    assert "And the lid?" in text_of(second)
    assert masked.read(second["Reply-To"].addresses[0].addr_spec) == masked.To(code, "desk")
    assert second["From"].addresses[0].display_name == "Alice Martin"
    shown = await db.rows("SELECT kind FROM notifications WHERE shown AND topic = 'desk'")
    assert [row["kind"] for row in shown] == ["desk_message_posted"], "the list in the app is not filled by it"


async def test_who_has_taken_it_on_gets_the_mails_and_the_others_of_the_desk_do_not() -> None:
    await builders.member(MO_MAIL)
    await builders.member(LEA)
    code = await thread()
    assert {str(mail["To"]) for mail in await gone_out()} == {MO_MAIL, LEA}
    (mo,) = await db.rows("SELECT m.id FROM members m JOIN customers c ON c.id = m.customer WHERE c.email = {}", MO_MAIL)
    await db.execute("UPDATE threads SET assigned = {} WHERE code = {}", mo["id"], code)
    await asked(code)
    assert [str(mail["To"]) for mail in await gone_out()] == [MO_MAIL]


async def test_neither_side_sees_the_others_address_in_any_header_or_word() -> None:
    await builders.member(MO_MAIL)
    code = await thread()
    (to_desk,) = await gone_out()
    await answered(code)
    (to_alice,) = await gone_out()
    assert ALICE not in whole(to_desk)
    assert MO_MAIL not in whole(to_alice)
    assert masked.address(code, "buyer") not in whole(to_desk), "nor may one side write as the other"
    assert masked.address(code, "desk") not in whole(to_alice)


@pytest.mark.parametrize("name", [ALICE, "Support <help@atelier-mo.example>", ""])
async def test_a_name_that_is_an_address_is_not_shown_as_one(name: str) -> None:
    await builders.member(MO_MAIL)
    code = await thread()
    await gone_out()
    await asked(code)
    await db.execute("UPDATE messages SET name = {} WHERE text = 'And the lid?'", name)
    (mail,) = await gone_out()
    assert mail["From"].addresses[0].display_name == "A customer"
    assert "@" not in mail["Reply-To"].addresses[0].display_name


async def test_a_name_puts_nothing_into_the_headers() -> None:
    await builders.member(MO_MAIL)
    code = await thread()
    await gone_out()
    await asked(code, "Hello\r\nBcc: all@example.com")
    await db.execute("UPDATE messages SET name = {} WHERE via = 'app'", 'Al\r\nBcc: all@example.com, "x')
    (mail,) = await gone_out()
    assert mail["Bcc"] is None
    assert str(mail["To"]) == MO_MAIL


async def test_the_mails_of_a_thread_hang_together_and_behind_what_its_reader_has_sent() -> None:
    await builders.member(MO_MAIL)
    code = await thread()
    await gone_out()
    await answered(code)
    await answered(code, "Or Wednesday.")
    one, two = await gone_out()
    root = one["In-Reply-To"]
    assert [mail["References"].split()[0] for mail in (one, two)] == [root, root]
    assert one["Message-ID"] != two["Message-ID"]
    assert one["Subject"] == two["Subject"]
    it = await owned(code)
    row = {"key": "1", "message_id": "<hers@mail.example>", "state": "landed", "thread": it.id, "merchant": it.merchant,
           "side": "buyer", "message": await asked(code)}  # fmt: skip
    await db.insert("mails_in", [row])
    (to_desk,) = await gone_out()
    await answered(code, "Gladly.")
    (to_alice,) = await gone_out()
    assert to_alice["In-Reply-To"] == "<hers@mail.example>"
    first, _which, last = to_alice["References"].split()
    assert (first, last) == (root, "<hers@mail.example>")
    assert "hers@mail.example" not in whole(to_desk)


async def test_a_sign_that_turns_a_line_round_is_seen_as_what_it_is() -> None:
    code = await thread()
    await gone_out()
    await answered(code, "Pay to \u202e8765-4321\u202c please")
    (mail,) = await gone_out()
    for kind in ("plain", "html"):
        said = mail.get_body((kind,))
        assert said
        assert "Pay to ⟨U+202E⟩8765-4321" in said.get_content(), kind


async def test_a_note_goes_nowhere_and_who_has_muted_or_wants_no_mails_gets_none() -> None:
    alice = await builders.customer()
    code = await thread()
    await gone_out()
    await posting.answer((await owned(code)).merchant, code, Said(side="note", text="She is nice", name="Mo"))
    assert await gone_out() == []
    await putting.change(alice, [code], "muted", True)
    await answered(code)
    assert await gone_out() == []
    await putting.change(alice, [code], "muted", False)
    await preferences.change(alice, Choices(DEFAULTS - {("messages", "email")}))
    await answered(code)
    assert await gone_out() == []


async def test_what_the_shop_itself_says_comes_under_its_name_and_it_hears_as_before() -> None:
    await builders.merchant(NIA, "Nia Audio")
    await shop.name(NIA)
    await builders.member("nia@example.com", NIA)
    code = await thread()
    await gone_out()
    await db.execute("UPDATE threads SET escalated_at = created_at WHERE code = {}", code)
    await asked(code, "Please step in.")
    (mail,) = await gone_out()
    assert str(mail["To"]) == "nia@example.com"
    assert mail["Reply-To"] is None, "it answers on its page"
    assert f"/desk/{NIA}/escalated/{code}" in text_of(mail)
    said = Said(side="shop", text="We look into it.", name="Nia Audio")
    await posting.answer((await owned(code)).merchant, code, said)
    (mail,) = await gone_out()
    assert mail["From"].addresses[0].display_name == "Nia Audio"
    assert masked.read(mail["Reply-To"].addresses[0].addr_spec) == masked.To(code, "buyer")


async def test_who_has_left_the_desk_gets_nothing_that_was_on_its_way() -> None:
    mo = await builders.member(MO_MAIL)
    await thread()
    await told()
    await db.execute("DELETE FROM members WHERE customer = {}", mo)
    assert await gone_out() == []


async def test_without_the_setting_a_mail_says_how_it_begins_and_leads_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masked, "settings", settings)
    await builders.member(MO_MAIL)
    code = await thread()
    assert len(await gone_out()) == 1
    await asked(code)
    assert await gone_out() == [], "once until somebody was there, as with all that waits"
    await answered(code, "On Tuesday.")
    (mail,) = await gone_out()
    assert mail["Reply-To"] is None
    assert f"/inbox/{code}" in text_of(mail)


@pytest.mark.parametrize("change", [str.upper, lambda it: f"<{it}>", lambda it: it.replace("@", " @").replace(" ", "")])
def test_mail_servers_may_change_the_case_of_an_address(change) -> None:
    assert masked.read(change(masked.address("T-7K3F9QXM", "desk"))) == masked.To("T-7K3F9QXM", "desk")


def test_nobody_makes_an_address_of_another_threads_or_sides() -> None:
    mine = masked.address("T-7K3F9QXM", "buyer")
    for forged in (mine.replace("-b", "-d"), mine.replace("t-7", "t-8"), mine.replace(DOMAIN, "reply.example.org"),
                   mine[:-20] + "@" + DOMAIN, f"{BOB}", "", "@", f"t-7k3f9qxm@{DOMAIN}", mine.replace("@", "0@")):  # fmt: skip
        assert masked.read(forged) is None, forged
    assert masked.without(f"On Monday <{mine}> wrote: {MO}") == f"On Monday <…> wrote: {MO}"


def test_one_mailbox_with_a_plus_does_as_well_as_a_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masked, "settings", replace(settings, mail_in="answers@shop.example"))
    mine = masked.address("T-7K3F9QXM", "buyer")
    assert mine.startswith("answers+t-7k3f9qxm-b")
    assert masked.read(mine) == masked.To("T-7K3F9QXM", "buyer")
    assert masked.read(mine.replace("answers+", "")) is None
    assert masked.without(f"<{mine}>") == "<…>"
