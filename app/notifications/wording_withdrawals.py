"""The words for news of a withdrawal. Its acknowledgement is a mail of its own: here it stays in the list."""

from functools import lru_cache

from app.i18n import Voice
from app.notifications import wording_arrivals
from app.notifications.channels import News
from app.notifications.said import Said, not_charged, number_of, order_line, sentences, text_of, what


def said(news: News, voice: Voice) -> Said:
    title, body, action = _words(voice)[news.kind]
    names = {"what": what(news.data, voice), "code": text_of(news.data, "code")}
    if news.kind == "withdrawal_goods_awaited" and news.data.get("coming"):
        _ = voice.gettext
        title = _("Send it back once it has come: %(what)s")
        body = _("It has not come to you yet. You have 14 days from the day it does, and may refuse the parcel.")
    unpaid = not_charged(news.data, voice)
    if unpaid and not number_of(news.data, "amount"):
        title, body = voice.gettext("Settled: %(what)s"), ""
    detail = (_detail(news, voice), unpaid, *wording_arrivals.found(news.kind, news.data, voice))
    return Said(title % names, sentences(body % names, *detail, order_line(news.data, voice)), action)


def _detail(news: News, voice: Voice) -> str:
    amount, currency = number_of(news.data, "amount"), text_of(news.data, "currency")
    if news.kind == "withdrawal_acknowledged" and amount and len(currency) == 3:
        return voice.gettext("Comes back to you: %(amount)s.") % {"amount": voice.money(amount, currency)}
    if news.kind in ("withdrawal_questioned", "withdrawal_objected") and (text := text_of(news.data, "text")):
        return voice.gettext("The seller says: “%(reason)s”.") % {"reason": text}
    return ""


@lru_cache(64)
def _words(voice: Voice) -> dict[str, tuple[str, str, str]]:
    _ = voice.gettext
    see = _("See the withdrawal")
    back = _("To be sent back: %(what)s"), _("Send it within 14 days, and say here when you have."), _("How to send it back")
    return {
        "withdrawal_acknowledged": (
            _("Withdrawal acknowledged: %(what)s"), _("The signed paper is in your mail, code %(code)s."), see
        ),
        "withdrawal_goods_awaited": back,
        "withdrawal_goods_came": back,
        "withdrawal_proof_sent": (_("Sent back: %(what)s"), _("That you have sent it is noted."), see),
        "withdrawal_arrived": (_("At the seller, being checked: %(what)s"), _("Its carrier has handed it over."), see),
        "withdrawal_goods_received": (_("Arrived at the seller: %(what)s"), _("What you sent back is there."), see),
        "withdrawal_refunded": (_("Refund approved: %(what)s"), _("You are told when it is sent."), see),
        "withdrawal_objected": (_("About your withdrawal: %(what)s"), _("The seller sees something against it."), see),
        "withdrawal_unfounded": (
            _("Your withdrawal has no effect, the seller says: %(what)s"), _("Why, and how to object, is in your mail."), see
        ),
        "withdrawal_disputed": (
            _("Objection raised: %(what)s"), _("Your withdrawal is in force again, and the seller looks at it."), see
        ),
        "withdrawal_resumed": (_("Your withdrawal is in force: %(what)s"), _("The seller has taken back what it said."), see),
        "withdrawal_questioned": (_("A question about your withdrawal: %(what)s"), "", _("Answer")),
    }  # fmt: skip
