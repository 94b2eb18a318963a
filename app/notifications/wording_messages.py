"""The words for what somebody has written: who, about what, and how it begins; and for what a shop tells many."""

from app.i18n import Voice
from app.notifications.channels import News
from app.notifications.kinds import NOTICES
from app.notifications.said import Said, order_of, text_of


def said(news: News, voice: Voice) -> Said:
    _, of = voice.gettext, order_of(news.data)
    who, shop, gist = text_of(of, "who"), text_of(of, "shop"), text_of(of, "gist")
    about = text_of(of, "title")
    if news.kind in NOTICES:
        title = _("%(label)s: %(text)s") % {"label": shop, "text": about} if shop and about else shop or about
        return Said(title or _("A new message"), gist, _("Read the message"))
    title = _("%(who)s, %(shop)s") % {"who": who, "shop": shop} if who and who != shop else shop
    return Said(title or _("A new message"), gist or about, _("Answer"))


def why(kind: str, voice: Voice) -> str:
    """Why somebody is told it whatever they have chosen; empty for what they can turn off."""
    if kind != "policy_posted":
        return ""
    return voice.gettext("You get this because you have bought there and its terms change: this cannot be turned off.")
