"""The words for news of what waits at a desk, to the people who work there."""

from datetime import timedelta
from functools import lru_cache

from app.i18n import Voice
from app.notifications.channels import News
from app.notifications.said import Said, order_of, sentences, text_of, time_of, what

A_SECOND = timedelta(seconds=1)  # a deadline is the instant at which its last day is over


def said(news: News, voice: Voice) -> Said:
    _, of = voice.gettext, order_of(news.data)
    about = {"shop": text_of(of, "shop"), "code": text_of(of, "code")}
    about["what"] = what(news.data, voice) if text_of(of, "title") else about["code"]  # a guest may have named none
    due = time_of(of, "due")
    by = _("To be answered by %(day)s.") % {"day": voice.weekday(due - A_SECOND, last=True)} if due else ""
    rest = _("What comes in until you have been at the desk is not told one by one.")
    where = _("%(code)s at %(shop)s.") % about if about["code"] else ""
    return Said(_titles(voice)[news.kind.removeprefix("desk_")] % about, sentences(where, by, rest), _("Look at it"))


@lru_cache(64)
def _titles(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    answered, objected = _("Your customer has answered: %(what)s"), _("Your customer objects: %(what)s")
    made = {
        "return_requested": _("A return waits for you: %(what)s"),
        "claim_opened": _("A claim waits for you: %(what)s"),
        "cancellation_requested": _("A cancellation waits for you: %(what)s"),
        "return_exchange_agreed": _("Your customer has agreed to the difference: %(what)s"),
        "return_exchange_refused": _("Your customer wants the money back: %(what)s"),
        "message_posted": _("A message waits for you: %(what)s"),
        "thread_escalated": _("A customer asks the shop to step in: %(what)s"),
        "message_reported": _("A message was reported: %(what)s"),
        "review_written": _("A buyer has reviewed: %(what)s"),
        "message_mailed": _("A message waits for you: %(what)s"),
        "withdrawal_contested": objected,
        "withdrawal_disputed": objected,
        "withdrawal_acknowledged": _("A withdrawal waits for you: %(what)s"),
    }
    kinds = ("return", "claim", "cancellation", "withdrawal")
    made["claim_exchange_cancelled"] = _("A replacement was cancelled, its claim is open again: %(what)s")
    return made | {f"{kind}_answered": answered for kind in kinds} | {f"{kind}_objected": objected for kind in kinds}
