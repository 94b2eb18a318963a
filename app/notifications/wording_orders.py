"""The words for news of an order, its payment and papers."""

from functools import lru_cache

from app.i18n import Voice
from app.notifications.channels import News
from app.notifications.said import Said, number_of, order_line, order_of, sentences, text_of, what


def said(news: News, voice: Voice) -> Said:
    title, body, action = _words(voice)[news.kind]
    names = {"what": what(news.data, voice)}
    line = order_line(news.data, voice)
    return Said(title % names, sentences(body % names, _detail(news, voice), line), action)


def _amount(news: News, voice: Voice) -> str:
    """Empty where the currency is not known."""
    of = order_of(news.data)
    currency = text_of(of, "currency")
    return voice.money(number_of(of, "total"), currency) if len(currency) == 3 else ""


def _detail(news: News, voice: Voice) -> str:
    if news.kind == "line_cancelled":
        title, count = text_of(news.data, "title"), number_of(news.data, "quantity")
        return f"{count} × {title}." if title else ""
    if news.kind == "order_placed" and (total := _amount(news, voice)):
        return voice.gettext("Total %(amount)s.") % {"amount": total}
    reason = text_of(news.data, "reason") if news.kind == "order_cancelled" else ""
    return voice.gettext("The seller says: “%(reason)s”.") % {"reason": reason} if reason else ""


@lru_cache(64)
def _words(voice: Voice) -> dict[str, tuple[str, str, str]]:
    _ = voice.gettext
    see = _("See the order")
    return {
        "order_placed": (_("Ordered: %(what)s"), _("The seller has your order."), see),
        "order_paid": (_("Paid: %(what)s"), _("Your payment has arrived."), see),
        "order_cancelled": (_("Cancelled: %(what)s"), _("The order was cancelled."), see),
        "line_cancelled": (_("Partly cancelled: %(what)s"), _("The seller will not send this:"), see),
        "review_answered": (_("The seller has answered your review: %(what)s"), _("It stands below it."), _("Read it")),
        "review_hidden": (
            _("Your review is hidden: %(what)s"),
            _("Somebody reported it. Why, and what you can do, stands there."),
            _("Look at it"),
        ),
        "review_shown": (_("Your review is shown again: %(what)s"), _("It stands as it did."), _("Look at it")),
        "invoice_added": (_("Invoice: %(what)s"), _("The invoice is there to download."), see),
    }
