"""What happened to one's account: to look through, and to take away."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.response import Stream
from msgspec import Struct

from app.accounts import activity, activity_cards, activity_export, activity_kinds
from app.accounts.activity import Cursor
from app.accounts.activity_kinds import Group
from app.i18n import _, voice
from app.web import access
from app.web.pages import page, wants_fragment

ACTIVITY = "/account/activity"


class Choice(Struct, frozen=True):
    label: str
    url: str
    current: bool


@get("/account/activity", access=access.CUSTOMER)
async def show(request: Request) -> Response[Any]:
    """Not kept by the browser: a failed try elsewhere changes it, and leaves the customer's revision alone."""
    asked = request.query_params.get("about", "")
    group = next((known for known in activity_kinds.GROUPS if known == asked), None)
    before = activity.read_cursor(request.query_params.get("before", ""))
    found, end = await activity.page_of(request.user.id, group, before.id if before else Cursor().id)
    appending = before is not None and wants_fragment(request)
    days = activity_cards.days(found, voice(), before.day if before and appending else None)
    return page(
        request, "accounts/activity.html", keep=False, days=days, choices=_choices(group), appending=appending,
        older=_url(group, str(Cursor(end, voice().local(found[-1].at).date()))) if end else "",
        newest=_url(group) if before else "",
    )  # fmt: skip


@get("/account/activity.csv", access=access.CUSTOMER)
async def as_csv(request: Request) -> Stream:
    return _file(activity_export.as_csv(request.user, voice()), "text/csv", "csv")


@get("/account/activity.json", access=access.CUSTOMER)
async def as_json(request: Request) -> Stream:
    return _file(activity_export.as_json(request.user, voice()), "application/json", "json")


def _choices(chosen: Group | None) -> list[Choice]:
    labels: list[tuple[Group | None, str]] = [
        (None, _("All")), ("sign_ins", _("Sign-ins")), ("security", _("Security")), ("profile", _("Profile")),
    ]  # fmt: skip
    return [Choice(label, _url(group), group == chosen) for group, label in labels]


def _url(group: Group | None, before: str = "") -> str:
    query = urlencode({name: value for name, value in (("about", group), ("before", before)) if value})
    return f"{ACTIVITY}?{query}" if query else ACTIVITY


def _file(parts: AsyncIterator[bytes], media_type: str, ending: str) -> Stream:
    headers = {"Content-Disposition": f'attachment; filename="activity.{ending}"', "Cache-Control": "no-store"}
    return Stream(parts, media_type=media_type, headers=headers)


CUSTOMER = [show, as_csv, as_json]
