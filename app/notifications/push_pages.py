"""Where a customer's news is pushed to: this browser on or off, the others by name, a test for each."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from app.errors import Invalid, Refused
from app.i18n import Voice, _, voice
from app.notifications import push, push_addresses, push_cards, push_subscriptions
from app.notifications.channels import Never, NotNow
from app.notifications.push_messages import Message
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

DEVICES = "/account/notifications/devices"


@dataclass
class Subscription:
    """`subscription` is the browser's own JSON; `old` the address that it had before."""

    subscription: str = ""
    old: str = ""


@dataclass
class Name:
    name: str = ""


@get("/account/notifications/devices", access=access.CUSTOMER)
async def devices(request: Request) -> Response[Any]:
    return await _page(request)


@post("/account/notifications/devices", access=access.CUSTOMER)
async def add(request: Request, data: URLEncodedBody[Subscription]) -> Response[Any]:
    try:
        given = push_addresses.read(data.subscription)
        await push_subscriptions.subscribe(request.user, given, request.headers.get("user-agent", ""))
    except (Invalid, Refused) as error:
        return await _page(request, error)
    return redirect(DEVICES, flash=Flash(_("News comes to this browser from now on."), "good"))


@post("/account/notifications/push", access=access.CUSTOMER)
async def renew(request: Request, data: URLEncodedBody[Subscription]) -> Response[Any]:
    """By the page at a visit, and by the service worker: whether this browser's subscription is still theirs."""
    given = push_addresses.read(data.subscription)
    on = await push_subscriptions.renew(request.user, given, data.old)
    return Response({"on": on}, status_code=200, headers={"Cache-Control": "no-store"})


@post("/account/notifications/losses", access=access.CUSTOMER)
async def told(request: Request) -> Response[Any]:
    await push_subscriptions.told(request.user.id)
    return redirect(DEVICES)


@post("/account/notifications/push/{number:int}/name", access=access.OWNER)
async def rename(request: Request, number: FromPath[int], data: URLEncodedBody[Name]) -> Response[Any]:
    await push_subscriptions.rename(request.user, number, data.name)
    return redirect(DEVICES, flash=Flash(_("Saved."), "good"))


@post("/account/notifications/push/{number:int}/removal", access=access.OWNER)
async def remove(request: Request, number: FromPath[int]) -> Response[Any]:
    await push_subscriptions.remove(request.user, number)
    return redirect(DEVICES, flash=Flash(_("No news is pushed to that browser any more."), "good"))


@post("/account/notifications/push/{number:int}/test", access=access.OWNER)
async def try_out(request: Request, number: FromPath[int]) -> Response[Any]:
    """The way that all news goes; what came of it is said."""
    to = await push_subscriptions.one(number, request.user.id)
    called = push_cards.called(to, voice())
    try:
        await push.try_it(to, _trial(request.user.unread, voice()))
    except Refused as error:
        return redirect(DEVICES, flash=Flash(error.message, "bad"))
    except (NotNow, Never) as error:
        return redirect(DEVICES, flash=Flash(_not_sent(error, called), "bad"))
    return redirect(DEVICES, flash=Flash(_("Sent to %(device)s. It shows up there in a moment.") % {"device": called}, "good"))


async def _page(request: Request, error: Invalid | Refused | None = None) -> Response[Any]:
    """Not kept by the browser: what was delivered changes without the customer's revision."""
    shown = await push_cards.of(request.user, voice())
    wrong = (error.fields.get("subscription", "") or str(error)) if isinstance(error, Invalid) else error and error.message
    return page(request, "notifications/devices.html", refusal=error, keep=False, push=shown, wrong=wrong or "")


def _trial(unread: int, said: Voice) -> Message:
    return Message(
        title=said.gettext("It works"), body=said.gettext("Your news will arrive here like this."),
        lang=said.locale.replace("_", "-"), url=DEVICES, tag="test", unread=unread, matters="here",
    )  # fmt: skip


def _not_sent(error: Exception, called: str) -> str:
    about = {"device": called, "reason": str(error)[:120]}
    if isinstance(error, push.Gone):
        return _("%(device)s takes no news any more. Switch it on again in that browser.") % about
    if isinstance(error, NotNow):
        return _("%(device)s cannot be reached at the moment (%(reason)s). Try again later.") % about
    return _("Its push service has refused the message for %(device)s: %(reason)s") % about


CUSTOMER = [devices, add, renew, told, rename, remove, try_out]
