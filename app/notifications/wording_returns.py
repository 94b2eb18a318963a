"""The words for news of a return, a claim and a cancellation."""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

from app.i18n import Voice
from app.notifications import wording_arrivals, wording_delivery, wording_exchanges, wording_objections
from app.notifications.channels import News
from app.notifications.said import Said, not_charged, number_of, order_line, sentences, text_of, time_of, what

A_SECOND = timedelta(seconds=1)  # a deadline is the instant at which its last day is over
LONGEST = 120  # characters of what the seller wrote
QUOTED = ("approved", "declined", "denied", "questioned", "upheld", "stood", "paid_instead", "refunded", "credited", "resolved")
BY_SCAN = ("return_in_transit", "claim_goods_sent")  # who says so may be the carrier
PAID = (
    "refunded", "credited", "part_refunded", "paid_instead", "exchange_cancelled", "exchange_reduced", "delivery_added",
    "rest_refunded",
)  # fmt: skip
EXCHANGED = ("exchanged", "exchange_sent", "resolved")


def said(news: News, voice: Voice) -> Said:
    title, body, action = _words(voice)[_kind(news)]
    if news.kind in BY_SCAN and text_of(news.data, "by").startswith("carrier:"):
        body = voice.gettext("Its carrier has it.")
    if news.kind == "cancellation_approved" and news.data.get("amount") == 0:  # of what cost nothing
        body = ""
    unpaid = not_charged(news.data, voice)
    if unpaid and not number_of(news.data, "amount"):
        title = voice.gettext("Settled: %(what)s")
    told = sentences(body, *_detail(news, voice), unpaid, order_line(news.data, voice))
    amount, currency = number_of(news.data, "amount"), text_of(news.data, "currency")
    more = {"amount": voice.money(amount, currency) if len(currency) == 3 else ""}
    return Said(title % {"what": what(news.data, voice), **more}, told, action)


def _kind(news: News) -> str:
    """A claim is made good in several ways, and what is only agreed to is not settled yet; who wants money, was not refused."""
    if news.kind == "return_paid_instead":
        by = text_of(news.data, "by").partition(":")[0]
        return {"customer": "return_money_chosen", "system": "return_money_unasked"}.get(by, news.kind)
    if news.kind != "claim_resolved":
        return news.kind
    given = number_of(news.data, "amount") > 0
    return "claim_replaced" if news.data.get("exchange") else "claim_refunded" if given else "claim_resolved"


def _detail(news: News, voice: Voice) -> Iterator[str]:
    _, name = voice.gettext, news.kind.partition("_")[2]
    amount, currency = number_of(news.data, "amount"), text_of(news.data, "currency")
    if (name in PAID or news.kind == "claim_resolved") and amount > 0 and len(currency) == 3:
        yield _("It comes to %(amount)s.") % {"amount": voice.money(amount, currency)}
    if name == "paid_instead" and (by := time_of(news.data, "send_by")):
        yield _("It still has to come back: send it by %(day)s.") % {"day": voice.weekday(by - A_SECOND, last=True)}
    if name in EXCHANGED and (to_pay := number_of(news.data, "to_pay")) > 0 and len(currency) == 3:
        yield _("The difference of %(amount)s is to be paid.") % {"amount": voice.money(to_pay, currency)}
    if name in EXCHANGED and (given := number_of(news.data, "given")) > 0 and len(currency) == 3:
        yield _("The difference of %(amount)s is paid back to you.") % {"amount": voice.money(given, currency)}
    if name == "exchange_proposed" and (due := time_of(news.data, "due")):
        yield _("If we do not hear from you by %(day)s, you get your money back.") % {"day": voice.weekday(due - A_SECOND)}
    if name in ("objected", "contested") and (due := time_of(news.data, "due")):
        yield _("You hear of it by %(day)s.") % {"day": voice.weekday(due - A_SECOND, last=True)}
    yield from wording_arrivals.found(news.kind, news.data, voice)
    words = text_of(news.data, "answer") or text_of(news.data, "text") or text_of(news.data, "less")
    if name in QUOTED and words:
        short = words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
        yield _("The seller says: “%(reason)s”.") % {"reason": short}


@lru_cache(64)
def _words(voice: Voice) -> dict[str, tuple[str, str, str]]:
    """Title, body and action by the kind of event."""
    together = _decided(voice) | _of_claims(voice) | _settled(voice) | wording_exchanges.words(voice)
    return together | _own_doing(voice) | _of_the_shop(voice) | wording_delivery.words(voice) | wording_objections.words(voice)


def _decided(voice: Voice) -> dict[str, tuple[str, str, str]]:
    _ = voice.gettext
    see, send, answer = _("See the return"), _("How to send it back"), _("Answer")
    declined, no = _("You can object on its page."), _("See why")
    return {
        "return_approved": (_("Return approved: %(what)s"), _("Send it back now."), send),
        "return_label_issued": (_("Return label ready: %(what)s"), _("Show or print it on its page."), send),
        "return_declined": (_("Return declined: %(what)s"), declined, no),
        "return_arrived": (_("At the seller, being checked: %(what)s"), _("Its carrier has handed it over."), see),
        "return_received": (_("Arrived at the seller: %(what)s"), _("What you sent back is there."), see),
        "return_expired": (_("Return over: %(what)s"), _("It was never sent back, so nothing comes of it."), see),
        "cancellation_approved": (_("Cancelled: %(what)s"), _("Your money comes back."), _("See the cancellation")),
        "cancellation_declined": (_("Not cancelled: %(what)s"), declined, no),
        "return_questioned": (_("A question about your return: %(what)s"), "", answer),
        "cancellation_questioned": (_("A question about your cancellation: %(what)s"), "", answer),
        "return_upheld": (_("It stays declined: %(what)s"), "", see),
        "cancellation_upheld": (_("It stays declined: %(what)s"), "", _("See the cancellation")),
    }


def _of_claims(voice: Voice) -> dict[str, tuple[str, str, str]]:
    _ = voice.gettext
    see = _("See the claim")
    return {
        "claim_approved": (_("Claim accepted: %(what)s"), _("The seller makes it good."), see),
        "claim_goods_awaited": (_("To be sent back: %(what)s"), _("The seller pays for the way."), _("How to send it back")),
        "claim_arrived": (_("At the seller, being checked: %(what)s"), _("Its carrier has handed it over."), see),
        "claim_goods_received": (_("Arrived at the seller: %(what)s"), _("What you sent back is there."), see),
        "claim_goods_missing": (_("Not sent back in time: %(what)s"), _("The seller decides what comes of your claim."), see),
        "claim_denied": (_("Claim refused: %(what)s"), _("You can object on its page."), _("See why")),
        "claim_questioned": (_("A question about your claim: %(what)s"), "", _("Answer")),
        "claim_upheld": (_("It stays refused: %(what)s"), "", see),
        "claim_cancelled": (_("Claim withdrawn: %(what)s"), "", see),
        "claim_reduced": (_("Some of it was withdrawn from: %(what)s"), "", see),
    }


def _settled(voice: Voice) -> dict[str, tuple[str, str, str]]:
    _ = voice.gettext
    see, claim = _("See the return"), _("See the claim")
    decided, part = _("Refund approved: %(what)s"), _("Refund of a part approved: %(what)s")
    prepared, when = _("A replacement is being prepared: %(what)s"), _("You hear of it when its parcel is on its way.")
    missing = _("Not sent back in time: %(what)s")
    return {
        "return_refunded": (decided, "", see),
        "return_credited": (_("Store credit given: %(what)s"), "", see),
        "return_exchanged": (prepared, when, see),
        "return_exchange_sent": (prepared, when, see),
        "return_paid_instead": (_("Money in place of an exchange: %(what)s"), _("The exchange is not to be had."), see),
        "return_part_refunded": (part, "", see),
        "return_goods_missing": (missing, _("You have what you wanted in exchange: what it is for is still to come."), see),
        "return_closed": (_("Return closed: %(what)s"), "", see),
        "claim_resolved": (_("Claim settled: %(what)s"), "", claim),
        "claim_replaced": (prepared, when, claim),
        "claim_refunded": (decided, "", claim),
        "claim_part_refunded": (part, "", claim),
        "claim_closed": (_("Claim closed: %(what)s"), "", claim),
        "cancellation_refunded": (decided, "", _("See the cancellation")),
        "cancellation_part_refunded": (part, "", _("See the cancellation")),
        "cancellation_closed": (_("Cancellation closed: %(what)s"), "", _("See the cancellation")),
        "withdrawal_part_refunded": (part, "", _("See the withdrawal")),
    }


def _own_doing(voice: Voice) -> dict[str, tuple[str, str, str]]:
    _ = voice.gettext
    see, waits = _("See the return"), _("The seller decides on it.")
    claim, cancelled = _("See the claim"), _("See the cancellation")
    answered, objected = _("Answered: %(what)s"), _("Objected: %(what)s")
    again = _("The seller looks at it again.")
    return {
        "return_requested": (_("Return asked for: %(what)s"), waits, see),
        "return_cancelled": (_("Return request withdrawn: %(what)s"), "", see),
        "return_in_transit": (_("Sent back: %(what)s"), _("You said that it is on its way."), see),
        "return_photo_added": (_("Photos added: %(what)s"), "", see),
        "claim_goods_sent": (_("Sent back: %(what)s"), _("You said that it is on its way."), claim),
        "claim_opened": (_("Problem reported: %(what)s"), waits, claim),
        "cancellation_requested": (_("Cancellation asked for: %(what)s"), waits, cancelled),
        "cancellation_cancelled": (_("Cancellation request withdrawn: %(what)s"), "", cancelled),
        "return_answered": (answered, waits, see),
        "claim_answered": (answered, waits, claim),
        "cancellation_answered": (answered, waits, cancelled),
        "return_objected": (objected, again, see),
        "claim_objected": (objected, again, claim),
        "cancellation_objected": (objected, again, cancelled),
        "withdrawal_answered": (answered, "", _("See the withdrawal")),
        "withdrawal_closed": (_("Withdrawal closed: %(what)s"), "", _("See the withdrawal")),
        "withdrawal_attached": (_("Your withdrawal belongs to this order: %(what)s"), "", _("See the withdrawal")),
    }


def _of_the_shop(voice: Voice) -> dict[str, tuple[str, str, str]]:
    """What its own system did, or its people with words of theirs."""
    _ = voice.gettext
    closed, owed = _("Closed in the shop’s own system: %(what)s"), _("What is owed to you stays owed.")
    again, see = _("Opened again in the shop’s own system: %(what)s"), _("See the return")
    return {
        "return_shop_closed": (closed, owed, see),
        "return_reopened": (again, "", see),
        "return_reduced": (_("The shop took something out of your return: %(what)s"), _("Less comes back."), see),
        "withdrawal_items_set": (
            _("Your withdrawal is about: %(what)s"),
            _("Wrong items? Its page says what you can do."),
            _("See the withdrawal"),
        ),
        "withdrawal_shop_closed": (closed, owed, _("See the withdrawal")),
        "withdrawal_reopened": (again, "", _("See the withdrawal")),
    }
