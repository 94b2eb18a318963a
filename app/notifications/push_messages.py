"""What is pushed: one text that Safari shows by itself (Declarative Web Push) and our service worker elsewhere.

A push service takes some 4 kB; encrypted (RFC 8188, 8291) it is 103 bytes longer than this.
"""

from datetime import timedelta

import msgspec
from msgspec import Struct

from app.notifications.channels import Due
from app.notifications.kinds import kind_of
from app.notifications.wording import said
from app.settings import settings
from app.tokens import hash_secret
from app.web.templating import assets

MOST, LEAST = 2_800, 1_000  # bytes; the latter for a push service that finds the former too long
LONGEST_TITLE = 120  # characters
MARK = 8030  # of a declarative message, whatever the worker would do with it
LONGEST_TOPIC = 32  # RFC 8030, 5.4

# How long it is worth showing, and whether a device that saves its battery is to be woken (RFC 8030, 5.2 and 5.3).
LASTS = {
    "action": timedelta(days=3), "here": timedelta(days=1), "rest": timedelta(days=1), "app": timedelta(hours=12),
    "mail": timedelta(hours=12), "law": timedelta(days=1),
}  # fmt: skip
ALOUD = ("action", "here")  # heard although it takes the place of one that is still shown
URGENCY = {"action": "high", "here": "high", "rest": "normal", "app": "low", "mail": "low", "law": "normal"}


class Message(Struct, frozen=True, kw_only=True):
    """`url` is a page of ours; of those of one `tag`, the last is shown. `matters` is of `kinds.Urgency`."""

    title: str
    body: str
    lang: str
    url: str
    tag: str
    unread: int
    matters: str = "rest"

    @property
    def headers(self) -> dict[str, str]:
        """The topic replaces what still waits of the same thing; hashed, it tells the push service nothing."""
        topic = hash_secret(self.tag, "push topic")[:LONGEST_TOPIC]
        return {"TTL": str(int(LASTS[self.matters].total_seconds())), "Urgency": URGENCY[self.matters], "Topic": topic}

    def encoded(self, most: int = MOST) -> bytes:
        """No more bytes than that: the text is cut at a word."""
        body = self.body
        while len(made := self._with(body)) > most and body:
            over = len(made) - most
            body = cut(body, max(len(body) - max(over // 4, 8), 0))
        return made

    def _with(self, body: str) -> bytes:
        notification = {
            "title": cut(self.title, LONGEST_TITLE) or settings.name, "body": body, "lang": self.lang, "dir": "ltr",
            "navigate": settings.base_url + self.url, "tag": self.tag, "icon": settings.base_url + assets.url("icons/push.png"),
            "badge": settings.base_url + assets.url("icons/badge.png"), "silent": False, "app_badge": str(self.unread),
            "renotify": self.matters in ALOUD,
        }  # fmt: skip
        return msgspec.json.encode({"web_push": MARK, "notification": notification, "app_badge": self.unread})


def of(due: Due) -> Message:
    words = said(due.news, due.person.voice)
    kind = kind_of(due.news.kind, due.news.data)
    return Message(
        title=words.title, body=words.body, lang=due.person.voice.locale.replace("_", "-"), url=due.news.url,
        tag=_tag(due), unread=due.person.unread, matters=kind.urgency if kind else "rest",
    )  # fmt: skip


def _tag(due: Due) -> str:
    """News of one parcel replace each other on the screen, and news of an order; others stand for themselves."""
    parcel = due.news.data.get("shipment")
    if isinstance(parcel, int):
        return f"parcel-{parcel}"
    return f"order-{due.news.order}" if due.news.order else f"news-{due.news.id}"


def cut(text: str, most: int) -> str:
    """Its beginning, ended at a word and with “…” where something was left out."""
    if len(text) <= most:
        return text
    kept = text[: max(most - 1, 0)]
    whole = kept.rpartition(" ")[0] or kept
    return f"{whole.rstrip(' ,;:')}…" if whole else ""
