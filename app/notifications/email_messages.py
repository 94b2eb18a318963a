"""A message as a mail that can be answered: whole, from whom has written it, with an address that leads back into its thread.

Neither side sees the other's address: it comes from ours, under the other's name, and its answers go to the thread's (see
`app/inbox/masked.py`). Pictures stay behind the sign-in, where they go when the thread does: the mail says how many there are.
"""

from datetime import datetime
from email.message import EmailMessage

from msgspec import Struct, convert

from app import db
from app.i18n import Voice
from app.inbox import cards, masked, texts
from app.inbox.masked import Side
from app.mail import letters, looks, outbox
from app.notifications import email_about, unsubscribing, wording, wording_messages
from app.notifications.channels import Due, Never
from app.notifications.kinds import NOTICES
from app.notifications.said import number_of
from app.settings import settings
from app.tokens import hash_secret

KIND = "message"  # a folder of templates/emails
SIDES: dict[str, Side] = {
    "message_posted": "buyer", "notice_posted": "buyer", "policy_posted": "buyer", "offer_posted": "buyer",
    "desk_message_posted": "desk", "desk_message_mailed": "desk",
}  # fmt: skip
LONGEST = 20_000  # characters of a text; the rest is read in the thread
NOT_ANSWERED = ("policy", "offer")
# By whom it may be read today: who has left a desk gets nothing more, whatever was on its way.
MESSAGE = """
SELECT m.id, m.text, m.name, m.side, m.at, t.id AS thread, t.code, t.kind, t.subject, t.titles, t.order_number, s.name AS shop,
  s.accent, s.logo, (SELECT count(*) FROM message_files f WHERE f.message = m.id) AS files
FROM messages m JOIN threads t ON t.id = m.thread JOIN merchants s ON s.id = t.merchant WHERE m.id = {} AND
"""
READERS = {
    "buyer": "t.customer = {} AND m.side <> 'note'",
    "desk": "EXISTS (SELECT 1 FROM members mb WHERE mb.merchant = t.merchant AND mb.customer = {})",
}
# What they themselves have sent by mail last: their program puts ours behind it. Another side's ids would name its host.
LAST = """
SELECT message_id FROM mails_in WHERE thread = {} AND side = {} AND message < {} AND message_id <> '' ORDER BY id DESC LIMIT 1
"""


class Posted(Struct, frozen=True):
    """Columns of `Message`, of its thread and of its merchant (`shop` is the name)."""

    id: int
    text: str
    name: str
    side: str
    at: datetime
    thread: int
    code: str
    kind: str
    subject: str
    titles: str
    order_number: str
    shop: str
    accent: str
    logo: str
    files: int


async def composed(due: Due) -> EmailMessage | None:
    """None for other news, and where nothing is answered by mail: the shop, asked to step in, does so on its page. What many
    are told is read in the mail. Raises Never for who may not read it any more."""
    side, number = SIDES.get(due.news.kind), number_of(due.news.data, "message")
    if side is None or not (masked.on() or due.news.kind in NOTICES) or not number or "/escalated/" in due.news.url:
        return None
    row = await db.one(f"{MESSAGE} {READERS[side]}", number, due.person.id)
    if row is None:
        raise Never("the message is not there any more, or not theirs to read")
    it, person, voice = convert(dict(row), Posted), due.person, due.person.voice
    always = wording_messages.why(due.news.kind, voice)
    stop = "" if always else unsubscribing.address(person.id, person.email, due.news.topic, "email")
    return outbox.compose(
        person.email, KIND, voice, headers=await _headers(due, it, side, stop), look=looks.of_shop(it.shop, it.accent, it.logo),
        title=_title(it, side, voice), who=_who(it, side, voice), when=voice.moment(it.at), words=texts.seen(it.text[:LONGEST]),
        more=len(it.text) > LONGEST, files=_files(it, voice), answered=_answered(it), order=it.order_number,
        why=always or wording.why(due.news.topic, voice), stop=stop, page=f"{settings.base_url}{due.news.url}",
        topic=wording.topics(voice).get(due.news.topic, due.news.topic), phrase=person.phrase, url=settings.base_url,
        mail_code=await letters.vouch(KIND, due.message_id),
    )  # fmt: skip


async def _headers(due: Due, it: Posted, side: Side, stop: str) -> dict[str, str]:
    """All mails of a thread hang together under an id that no mail has, and behind the last that came from this side."""
    root = outbox.message_id(f"thread.{hash_secret(it.code, 'thread')[:24]}")
    last = await db.one(LAST, it.thread, side, it.id)
    behind = last["message_id"] if last else root
    around = f"{root} {outbox.message_id(masked.showing(it.id))}"
    sender = masked.named(_who(it, side, due.person.voice), settings.name, outbox.sender().addr_spec)
    said = email_about.headers(due, None, stop) | {
        "In-Reply-To": behind, "References": f"{around} {behind}" if last else around, "From": sender,
    }  # fmt: skip
    if _answered(it):
        said["Reply-To"] = masked.named(_who(it, side, due.person.voice), settings.name, masked.address(it.code, side))
    return said


def _answered(it: Posted) -> bool:
    return masked.on() and it.kind not in NOT_ANSWERED


def _who(it: Posted, side: Side, voice: Voice) -> str:
    """To the buyer “Mo, Atelier Nord”, or the shop that steps in; to the desk the buyer's name."""
    name = texts.line(it.name)
    if side == "desk":
        return voice.gettext("A customer") if not name or "@" in name else name
    told = name and name != it.shop and "@" not in name
    if told and it.side == "shop":
        return name
    return voice.gettext("%(who)s, %(shop)s") % {"who": name, "shop": it.shop} if told else it.shop


def _title(it: Posted, side: Side, voice: Voice) -> str:
    """The same for all mails of a thread: by it, too, programs put them together."""
    about = texts.line(it.subject) or cards.titles(it.titles, voice)
    return f"{about} · {it.shop}" if side == "buyer" else f"{about} · {it.code}"


def _files(it: Posted, voice: Voice) -> str:
    if not it.files:
        return ""
    return voice.ngettext("%(num)d file: see it in the conversation.", "%(num)d files: see them in the conversation.",
                          it.files) % {"num": it.files}  # fmt: skip
