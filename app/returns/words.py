"""A right in words: what it is, how long, where it comes from, and why it is not there."""

from app.i18n import Voice
from app.returns import exemptions
from app.returns.cases import Right

SHOP = "shop"  # the only source that is no law
COUNTRY = ("country", "not_come_country", "not_here_country")  # a law that is not known here


def title(code: str, voice: Voice) -> str:
    _ = voice.gettext
    return {
        "withdrawal": _("Withdraw from the contract"),
        "guarantee": _("Legal guarantee"),
        "report": _("Report a problem to the seller"),
        "delivery_claim": _("It never came"),
        "cancellation": _("Cancel before it is sent"),
        "return": _("Return by the shop's rules"),
        "exchange": _("Exchange by the shop's rules"),
    }[code]


def when(right: Right, voice: Voice) -> str:
    """“Until Monday 7 Dec”, “Possible, no end so far”, “From Wednesday 2 Dec”, “Ended on Monday 7 Dec”."""
    _ = voice.gettext
    if right.why == "over" and right.until:
        return _("Ended on %(day)s") % {"day": voice.weekday(right.until)}
    if not right.open:
        return _("From %(day)s") % {"day": voice.weekday(right.from_day)} if right.from_day else _("Not possible")
    if right.until:
        return _("Until %(day)s") % {"day": voice.weekday(right.until)}
    return _("Possible, no end so far") if "not_come" in right.notes else _("Possible")


def short(right: Right, voice: Voice) -> str:
    """Of an open right on a line with others."""
    _ = voice.gettext
    if right.until is None:
        return {
            "withdrawal": _("Withdrawal possible"), "guarantee": _("Guarantee"), "return": _("Return possible"),
            "exchange": _("Exchange possible"), "cancellation": _("Cancellation possible"),
            "delivery_claim": _("It never came"), "report": _("A problem can be reported"),
        }[right.code]  # fmt: skip
    said = {
        "withdrawal": _("Withdraw until %(day)s"), "guarantee": _("Guarantee until %(day)s"),
        "return": _("Return until %(day)s"), "exchange": _("Exchange until %(day)s"),
        "delivery_claim": _("Say until %(day)s that it never came"), "report": _("Report a problem until %(day)s"),
    }[right.code]  # fmt: skip
    return said % {"day": voice.day(right.until)}


def source(right: Right, voice: Voice) -> str:
    """“EU law: Directive 2011/83/EU, Art. 9(2)(b)”, “The shop's own rules”; empty where no law of the EU is theirs."""
    _ = voice.gettext
    if right.source == SHOP:
        return _("The shop's own rules")
    if right.why == "outside_eu":
        return ""
    if right.source in COUNTRY:
        return _("The seller decides, by the law of your country")
    return {
        "withdrawal_goods": _("EU law: Directive 2011/83/EU, Art. 9(2)(b)"),
        "withdrawal_contract": _("EU law: Directive 2011/83/EU, Art. 9(2)(a) and (c)"),
        "guarantee": _("EU law: Directive (EU) 2019/771, Art. 10(1)"),
        "guarantee_digital": _("EU law: Directive (EU) 2019/770, Art. 11(2)"),
        "delivery": _("EU law: Directive 2011/83/EU, Art. 18"),
        "risk": _("EU law: Directive 2011/83/EU, Art. 20"),
    }[right.source]


def counted(right: Right, voice: Voice) -> str:
    """What the law or the shop gives, in a sentence."""
    _ = voice.gettext
    if right.code == "cancellation":
        return _("What has not been sent yet can be taken out of the order.")
    if right.source in COUNTRY:
        return _counted_abroad(right, voice)
    if right.source == SHOP:
        if not right.days:
            return _("Only where the shop promises it.")
        said = voice.ngettext(
            "%(num)d day from the delivery of the item, as the shop promises.",
            "%(num)d days from the delivery of the item, as the shop promises.",
            right.days,
        )
        return said % {"num": right.days}
    return {
        "withdrawal_goods": _("14 days from the day after the last item of the order came, without a reason."),
        "withdrawal_contract": _("14 days from the day after the order, without a reason."),
        "guarantee": _("For what turns out to be defective within two years of the delivery."),
        "guarantee_digital": _("For what turns out to be defective within two years of being supplied."),
        "delivery": _("What was bought has to come on the day agreed, and within 30 days where none was."),
        "risk": _(
            "Until it is in your hands, a loss is the seller's. That it is not there can be said here for 60 days after the "
            "carrier's “delivered”."
        ),
    }[right.source]  # fmt: skip


def _counted_abroad(right: Right, voice: Voice) -> str:
    _ = voice.gettext
    return {
        "country": _(
            "What is broken, wrong or missing can be told to the seller here, for two years from the delivery. Which guarantee "
            "the law of your country gives is not known here: the seller decides by it."
        ),
        "not_come_country": _("What has not come on the day agreed, or within 30 days where none was, can be told here."),
        "not_here_country": _("That it is not there can be said here for 60 days after the carrier's “delivered”."),
    }[right.source]  # fmt: skip


def why(right: Right, voice: Voice) -> str:
    """Why it is not there, with the rule; empty for one that is open."""
    _ = voice.gettext
    if right.why == "exempt":
        reason = exemptions.words(right.reason, voice)
        return _("%(reason)s (%(article)s)") % {"reason": reason, "article": exemptions.article(right.reason, voice)}
    if right.why == "excluded" and right.reason:
        return exemptions.words(right.reason, voice)
    return {
        "": "",
        "over": _("The time for it is over."),
        "nothing_left": _("Nothing is left of it: it was cancelled or refunded, or the order is closed."),
        "not_offered": _("There is no EU withdrawal for this shop's contracts."),
        "outside_eu": _(
            "It is for consumers in the EU, Iceland, Liechtenstein and Norway; your own country's law may give you others."
        ),
        "begins_with_delivery": _("It begins when the item has come."),
        "not_shipped_goods": _("It is nothing that is sent."),
        "not_late": _("It is not late yet."),
        "sent": _("It has been sent already."),
        "excluded": _("The shop does not take this back."),
        "no_window": _("The shop has no returns of its own for this."),
    }[right.why]  # fmt: skip


def notes(right: Right, voice: Voice) -> list[str]:
    """What is to be known beside it, a sentence each, with the rule."""
    _ = voice.gettext
    said = {
        "applied": _("It is a law of the EU, which the shop applies to you as well."),
        "not_come": _("Nobody has told yet that all of it came: so long there is no end."),
        "supposed": _(
            "Nobody has told when it came: counted from a year after it was sent, the last day on which it can have come."
        ),
        "working_day": _(
            "It would have ended on a Saturday, Sunday or public holiday: it ends with the next working day "
            "(Regulation 1182/71, Art. 3(4))."
        ),
        "informed_late": _("Longer, because the seller did not tell you of it in time (Directive 2011/83/EU, Art. 10)."),
        "repaired": _("Twelve months longer, because it was repaired (Directive (EU) 2024/1799, Art. 16)."),
    }  # fmt: skip
    found = [said[note] for note in right.notes if note in said]
    if "exempt_once" in right.notes:
        reason = exemptions.words(right.reason, voice)
        found.insert(0, _("%(reason)s (%(article)s)") % {"reason": reason, "article": exemptions.article(right.reason, voice)})
    return found
