"""The words for money that goes back."""

from collections.abc import Iterator
from datetime import timedelta

from app.i18n import Voice
from app.notifications.channels import News
from app.notifications.said import Said, number_of, order_line, order_of, sentences, text_of, time_of, what
from app.payments.names import named
from app.payments.refund_cards import given_there

A_SECOND = timedelta(seconds=1)  # a deadline is the instant at which its last day is over
CREDIT = ("store_credit", "gift_card")


def said(news: News, voice: Voice) -> Said:
    _, amount = voice.gettext, _money(news, "amount", voice)
    see = _("See the return") if text_of(order_of(news.data), "returned") else _("See the order")
    if news.kind == "refund_succeeded" and news.data.get("origin") != "counter":
        body = _("It goes back to where you paid from: %(what)s.") % {"what": what(news.data, voice)}
        return Said(_("%(amount)s refunded") % {"amount": amount}, sentences(body, *_reason(news, voice)), see)
    body = sentences(*_body(news, voice), order_line(news.data, voice))
    return Said(_title(news, voice) % {"amount": amount}, body, see)


def _title(news: News, voice: Voice) -> str:
    _ = voice.gettext
    match news.kind:
        case "refund_requested":
            return _("Refund asked for: %(amount)s")
        case "refund_approved":
            return _("Refund approved: %(amount)s")
        case "refund_reduced":
            return _("Refund reduced to %(amount)s")
        case "refund_failed" if given_there(text_of(news.data, "why"), voice):
            return _("Refund not made: %(amount)s")
        case "refund_failed":
            return _("Refund declined: %(amount)s") if _declined(news) else _("Refund not sent yet: %(amount)s")
        case "refund_arrived":
            return _("Refund arrived: %(amount)s")
        case "refund_succeeded" if news.data.get("means") == "store_credit":
            return _("Store credit: %(amount)s")
        case "refund_succeeded" if news.data.get("provider") == "gift_card":
            return _("On your gift card: %(amount)s")
    return _("Refund sent: %(amount)s")


def _body(news: News, voice: Voice) -> Iterator[str]:
    _ = voice.gettext
    match news.kind:
        case "refund_requested":
            yield _("The seller decides on it.")
        case "refund_approved":
            yield _("It goes to: %(where)s.") % {"where": _where(news, voice)}
            if due := time_of(news.data, "due_at"):
                yield _("It has to be sent by %(day)s.") % {"day": voice.weekday(due - A_SECOND, last=True)}
        case "refund_reduced":
            yield _("The shop has given %(amount)s of it back by itself.") % {"amount": _money(news, "less", voice)}
            return
        case "refund_failed" if there := given_there(text_of(news.data, "why"), voice):
            yield there
            return
        case "refund_failed" if not _declined(news):
            yield _("It could not be paid out to: %(where)s. The seller has to send it again.") % {"where": _where(news, voice)}
        case "refund_arrived":
            yield _("You said that it is there.")
        case "refund_sent" | "refund_succeeded":
            yield from _way(news, voice)
            yield from _less(news, voice)
    yield from _reason(news, voice)
    if text_of(order_of(news.data), "returned"):
        yield _("For: %(what)s.") % {"what": what(news.data, voice)}


def _less(news: News, voice: Voice) -> Iterator[str]:
    """Than was promised for what came back, and why."""
    _, of, currency = voice.gettext, order_of(news.data), text_of(news.data, "currency")
    if (less := number_of(of, "less")) <= 0 or len(currency) != 3:
        return
    said = {"promised": voice.money(number_of(of, "promised"), currency), "less": voice.money(less, currency)}
    yield _("That is %(less)s less than the %(promised)s that were promised.") % said
    if why := text_of(of, "why"):
        yield _("The seller says: “%(reason)s”.") % {"reason": why}


def _way(news: News, voice: Voice) -> Iterator[str]:
    _ = voice.gettext
    where, expected = _where(news, voice), time_of(news.data, "expected_by")
    if news.data.get("provider") in CREDIT:
        if number_of(news.data, "bonus"):
            yield _("%(amount)s on top of it is the seller’s bonus.") % {"amount": _money(news, "bonus", voice)}
        yield _("You can spend it now.")
    elif expected and voice.local(expected).date() >= voice.today():
        yield _("It goes to: %(where)s, expected by %(day)s.") % {"where": where, "day": voice.weekday(expected, last=True)}
    else:
        yield _("It goes to: %(where)s.") % {"where": where}


def _reason(news: News, voice: Voice) -> Iterator[str]:
    """What the seller says; of a provider's faults the customer would not know what they mean."""
    name = "why" if _declined(news) else "reason"
    if news.kind == "refund_succeeded" and news.data.get("origin") == "counter":
        return
    if (reason := text_of(news.data, name)) and news.kind in ("refund_succeeded", "refund_failed"):
        yield voice.gettext("The seller says: “%(reason)s”.") % {"reason": reason}


def _declined(news: News) -> bool:
    """It was only asked for, and will not be."""
    return news.kind == "refund_failed" and news.data.get("asked") is True


def _where(news: News, voice: Voice) -> str:
    kind, brand, last_four = (text_of(news.data, name) for name in ("means", "brand", "last_four"))
    return named(kind, brand, last_four, voice)


def _money(news: News, name: str, voice: Voice) -> str:
    """Empty where the currency is not known."""
    currency = text_of(news.data, "currency")
    return voice.money(number_of(news.data, name), currency) if len(currency) == 3 else ""
