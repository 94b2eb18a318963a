"""What lands of mails as real programs write them: each shape of the corpus in `mail_in/`, as a person would expect it.

They were written for this, in the shapes of those programs; `{to}` stands for the address of the thread.
"""

import pytest

from app.inbox import mail_taking
from app.inbox.mail_outcomes import Outcome
from tests.inbox.mail_steps import SHAPES, let_in, pictures, said, shape, taken_in, thread

LANDED = {
    "apple-mail-en": "Which day exactly?\n\nAlice",
    "apple-mail-fr": "Quel jour exactement\xa0?",
    "apple-mail-picture-between": "This is the crack:\n\nCan you see it?",
    "bare-text-without-mime": "Just words.",
    "base64-broken": "The box was open when it came.",
    "bidi-and-zero-width": "Refund me \u202etuo\u202c a\u200bb 👩\u200d👩\u200d👧 <b>now</b>",
    "broken-boundary": "It never ends.",
    "euro-in-windows-1252": "Remboursez-moi 12 € – s’il vous plaît",
    "forwarded": "Here is what the carrier says:\n\n---------- Forwarded message ---------\n"
    "From: Carrier <…>\nDate: Fri, 27 Nov 2026 at 09:00\nSubject: Your parcel\nTo: <…>\n\n"
    "Delivered to a neighbour.",
    "free-zimbra-fr": "Merci !",
    "german-program": "Passt.",
    "gmail-android-fr": "D'accord",
    "gmail-bottom-posting": "Wednesday is better.",
    "gmail-plain-only-en": "Yes please.",
    "gmail-signature": "Fine.",
    "gmail-web-en": "Thanks, and is the lid in the parcel, too? I would like to know before I leave on Monday.",
    "gmail-web-fr": "Merci.\n\nLe couvercle est-il dans le colis\xa0?",
    "html-only": "Two things\n- the lid\n- the box\n\nSee my photos (https://photos.example/x) & shop.example\n\nSize 12\xa0cm",
    "html-with-pasted-picture-and-logo": "Here:",
    "iphone-en": "No, the other one.",
    "iphone-fr": "Non, l’autre.",
    "japanese": "荷物がまだ届きません。",
    "latin1-said-to-be-ascii": "Le colis est arrivé hier, très abîmé.",
    "list-footer-as-a-part": "First.\n\nSecond.",
    "nested-quotes": "Agreed.",
    "no-charset-at-all": "déjà vu",
    "no-message-id": "Still words.",
    "orange-webmail-fr": "Bonjour,\n\nle colis est là mais vide.",
    "outlook-2003-en": "It came broken.",
    "outlook-2003-fr": "Il est arrivé cassé.",
    "outlook-android-fr": "Parfait, merci",
    "outlook-forward-nothing-above": "From: Carrier <…>\nSent: Friday\nTo: Alice\nSubject: Your parcel\n\n"
    "Delivered to a neighbour.",
    "outlook-ios-en": "Ok!",
    "outlook-web-en": "Good, thank you.",
    "outlook-windows-fr": "Bonjour,\n\nJe préfère mercredi.\n\nCordialement,\nAlice",
    "outlook-windows-html-fr": "Bonjour,\n\nJe préfère mercredi.",
    "passed-on-as-a-file": "See the mail of the carrier.",
    "picture-alone": "",
    "picture-attached": "Look.",
    "proton-en": "All right.",
    "raw-bytes-in-subject": "Hello again.",
    "samsung-fr": "Oui c'est bien ça",
    "sentence-that-looks-like-it": "On Monday I asked and nobody wrote:\nso I ask again.\n\n"
    "Le vendeur a écrit :\nrien du tout.",
    "signed-smime": "Signed words.",
    "soft-line-ends": "The parcel came on Friday, but the box had been opened by somebody and the lid is missing.\n\nWhat now?",
    "thunderbird-between-en": "> Hello Alice,\n> When did it arrive?\n\nYesterday.\n\n> And is the lid broken, too?\n\n"
    "No, only the pot.",
    "thunderbird-bottom-fr": "Mercredi plutôt, si possible.",
    "thunderbird-html-en": "Fine with me.",
    "unknown-charset": "déjà vu",
    "unquoted-below-our-line": "I keep it, then.",
    "utf16": "It came today",
    "utf8-said-to-be-latin1": "Reçu à Orléans, 12 €",
    "windows-mail-fr": "D'accord pour mardi.",
    "yahoo-fr": "Bonjour, toujours rien.",
}
UNCUT = {
    "bare-text-without-mime", "base64-broken", "bidi-and-zero-width", "broken-boundary",
    "euro-in-windows-1252", "forwarded", "html-only", "japanese", "latin1-said-to-be-ascii", "list-footer-as-a-part",
    "no-charset-at-all", "no-message-id", "outlook-forward-nothing-above", "passed-on-as-a-file", "picture-alone",
    "picture-attached", "raw-bytes-in-subject", "sentence-that-looks-like-it", "signed-smime", "soft-line-ends",
    "unknown-charset", "utf16", "utf8-said-to-be-latin1",
}  # fmt: skip
PICTURES = {
    "apple-mail-picture-between": ["crack.png"],
    "html-with-pasted-picture-and-logo": ["pasted.png"],
    "picture-alone": ["IMG_0001.png"],
    "picture-attached": ["fêlure.png"],
}
UNTAKEN = {"picture-attached": "invoice.pdf", "passed-on-as-a-file": "message.eml"}
MACHINES = {
    "auto-generated": "automatic",
    "bounce": "bounce",
    "empty-return-path": "bounce",
    "mailing-list": "list",
    "our-own-mail-come-back": "own",
    "out-of-office-gmail": "automatic",
    "out-of-office-outlook-fr": "automatic",
    "read-receipt": "bounce",
    "vacation-old": "automatic",
}
EMPTY = ("only-a-quote", "only-a-signature")
STRANGERS = ("name-like-an-address", "stranger", "two-senders")


@pytest.fixture(autouse=True)
def _answers(monkeypatch: pytest.MonkeyPatch) -> None:
    let_in(monkeypatch)


def test_every_shape_of_the_corpus_has_its_place() -> None:
    assert {path.stem for path in SHAPES.glob("*.eml")} == {*LANDED, *MACHINES, *EMPTY, *STRANGERS}


@pytest.mark.parametrize("name", LANDED)
async def test_what_is_said_lands_and_what_was_there_before_is_kept_beside_it(name: str) -> None:
    code = await thread()
    assert await mail_taking.take(shape(name, code)) == Outcome("landed")
    assert (await said(code))[-1] == ("buyer", LANDED[name], "mail")
    (row,) = await taken_in()
    assert row["untaken"] == UNTAKEN.get(name, "")
    assert await pictures(code) == PICTURES.get(name, [])
    assert "reply.example.com" not in row["cut"]
    assert bool(row["cut"]) == (name not in UNCUT)


@pytest.mark.parametrize("name", MACHINES)
async def test_what_a_machine_sends_is_passed_over_with_a_reason(name: str) -> None:
    code = await thread()
    assert await mail_taking.take(shape(name, code)) == Outcome("ignored", MACHINES[name])
    assert len(await said(code)) == 1
    (row,) = await taken_in()
    assert (row["state"], row["reason"], row["text"]) == ("refused", MACHINES[name], "")


@pytest.mark.parametrize("name", STRANGERS)
async def test_who_is_not_known_there_waits_and_nothing_lands(name: str) -> None:
    code = await thread()
    assert await mail_taking.take(shape(name, code)) == Outcome("waiting", "unknown_sender")
    assert len(await said(code)) == 1


@pytest.mark.parametrize("name", EMPTY)
async def test_what_says_nothing_of_its_own_is_refused_and_its_writer_told(name: str) -> None:
    code = await thread()
    assert await mail_taking.take(shape(name, code)) == Outcome("refused", "empty", told=True)
    assert len(await said(code)) == 1
