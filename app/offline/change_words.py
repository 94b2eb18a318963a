"""What changes that wait are called, and what was typed in them, for the list that the service worker fills in."""

from msgspec import Struct

from app import i18n
from app.i18n import Voice
from app.notifications.wording import topics
from app.settings import settings


class Change(Struct, frozen=True):
    """Of a path (a regular expression), and of those with that `value` in a `field`, where one is named. `{}` in the words is
    what the first group of the path has found."""

    path: str
    words: str
    field: str = ""
    value: str = ""


class Value(Struct, frozen=True):
    """A choice as it was shown."""

    field: str
    value: str
    words: str


def changes(said: Voice) -> list[Change]:
    _ = said.gettext
    archiving = "/orders/([^/]+)/archiving"
    return [
        Change(archiving, _("Archive order %(number)s") % {"number": "{}"}, "archived", "yes"),
        Change(archiving, _("Take order %(number)s out of the archive") % {"number": "{}"}, "archived", "no"),
        Change("/orders/([^/]+)/returns", _("Return, claim or cancellation: order %(number)s") % {"number": "{}"}),
        Change("/inbox/([^/]+)/messages", _("Message in a conversation")),
        Change("/inbox/([^/]+)/reading", _("Mark a conversation as read")),
        Change("/inbox/threads", _("Message to a seller")),
        Change("/notifications/[0-9]+/reading", _("Mark a notification as read")),
        Change("/notifications/reading", _("Mark all notifications as read")),
        Change("/account/notifications", _("What you are told")),
        Change("/account/profile", _("Profile")),
    ]


def fields(said: Voice) -> dict[str, str]:
    """Those that a person fills in, by their names in forms."""
    _ = said.gettext
    return {
        "about": _("Conversation"),
        "photos": _("Photos"),
        "pictures": _("Files"),
        "subject": _("What is it about?"),
        "text": _("Message"),
        "name": _("Name"),
        "locale": _("Language"),
        "zone": _("Time zone"),
        "on": _("Told"),
        "one": _("Once per parcel"),
        "quiet": _("Quiet hours"),
        "quiet_from": _("From"),
        "quiet_until": _("Until"),
    }


def values(said: Voice) -> list[Value]:
    _ = said.gettext
    ways = {"app": _("App"), "push": _("Push"), "email": _("E-mail"), "sms": _("Text")}
    return [
        *(Value("locale", locale, i18n.own_name(locale)) for locale in settings.locales),
        *(
            Value("on", f"{topic}.{way}", _("%(topic)s: %(way)s") % {"topic": name, "way": ways[way]})
            for topic, name in topics(said).items()
            for way in ways
        ),
        Value("zone", "browser", _("As this browser says")),
        Value("one", "yes", _("Yes")),
        Value("quiet", "yes", _("Yes")),
    ]
