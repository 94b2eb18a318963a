"""The words for what somebody has written: who, about what, and how it begins."""

from app.i18n import Voice
from app.notifications.channels import News
from app.notifications.said import Said, order_of, text_of


def said(news: News, voice: Voice) -> Said:
    _, of = voice.gettext, order_of(news.data)
    who, shop, gist = text_of(of, "who"), text_of(of, "shop"), text_of(of, "gist")
    title = _("%(who)s, %(shop)s") % {"who": who, "shop": shop} if who and who != shop else shop
    about = text_of(of, "title")
    return Said(title or _("A new message"), gist or about, _("Answer"))
