"""The words for what came of a reported message: to who reported it, and to who wrote it, with the reason."""

from app.i18n import Voice
from app.inbox import flagging
from app.notifications.channels import News
from app.notifications.said import Said, order_of, sentences, text_of


def said(news: News, voice: Voice) -> Said:
    _, of = voice.gettext, order_of(news.data)
    did, why = text_of(news.data, "did"), flagging.reasons(voice).get(text_of(news.data, "why"), "")
    title = (_reporter if news.kind == "report_settled" else _writer)(did, voice)
    where = _("In “%(title)s” with %(shop)s.") % {"title": text_of(of, "title"), "shop": text_of(of, "shop")}
    reason = _("The reason: %(why)s.") % {"why": why} if why else ""
    words = text_of(news.data, "text")
    quoted = _("“%(words)s”") % {"words": words} if words else ""
    return Said(title, sentences(where, reason, quoted), _("Look at it"))


def _reporter(did: str, voice: Voice) -> str:
    _ = voice.gettext
    return {
        "warn": _("Your report was right: who wrote the message is warned"),
        "withdraw": _("Your report was right: the message is hidden"),
        "block": _("Your report was right: the message is hidden, its writer blocked"),
    }.get(did, _("Your report was looked at: nothing wrong was found"))


def _writer(did: str, voice: Voice) -> str:
    _ = voice.gettext
    return {
        "warn": _("A message of yours was reported, and was wrong"),
        "withdraw": _("A message of yours was reported and is hidden"),
        "block": _("A message of yours is hidden, and you can no longer write there"),
    }.get(did, _("A message of yours was looked at again: nothing is held against it"))
