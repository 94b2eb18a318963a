"""Another e-mail address: asked for by who is signed in, confirmed by whoever has the new mailbox, on whatever device."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from app.accounts import contacts, door, email_changes, forms
from app.accounts.email_changes import Change
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

EMAIL = "/account/email"


@get(EMAIL, access=access.PROVED_CUSTOMER)
async def email(request: Request) -> Response[Any]:
    return await _email(request)


@post(EMAIL, access=access.PROVED_CUSTOMER)
async def ask_for_email(request: Request, data: URLEncodedBody[forms.NewEmail]) -> Response[Any]:
    """The same for an address that has an account here: only the mails differ, and they leave after the answer."""
    try:
        await contacts.ask_for_email(request.user, data.email, door.network(request))
    except (Invalid, Refused) as error:
        return await _email(request, error, data.email)
    return redirect(EMAIL)


@post("/account/email/cancellation", access=access.CUSTOMER)
async def cancel_email(request: Request) -> Response[Any]:
    await contacts.cancel_email(request.user)
    return redirect("/account", flash=Flash(_("Your address stays as it is."), "good"))


@get("/new-email/{token:str}", access=access.ANYBODY)
async def new_email(request: Request, token: FromPath[str]) -> Response[Any]:
    """One button: programs that look into mails follow links, and must not use this one up."""
    return _confirmation(request, await email_changes.find(token))


@post("/new-email/{token:str}", access=access.ANYBODY)
async def confirm_email(request: Request, token: FromPath[str]) -> Response[Any]:
    try:
        change = await contacts.confirm_email(token)
    except Missing:
        return _confirmation(request, None)
    except Refused as error:
        return _confirmation(request, await email_changes.find(token), error)
    return _confirmation(request, change, done=True)


async def _email(request: Request, error: Invalid | Refused | None = None, typed: str = "") -> Response[Any]:
    change = await email_changes.open_for(request.user.id)
    until = voice().moment(change.expires_at) if change else ""
    form = forms.shown(error, at="email", email=typed)
    return page(request, "accounts/email.html", refusal=error, keep=False, form=form, change=change, until=until)


def _confirmation(
    request: Request, change: Change | None, error: Refused | None = None, *, done: bool = False
) -> Response[Any]:
    """The old address is shown half: whoever opens this must see whose account it is, and a stranger not more than that."""
    shown = {"new": change.new_email, "old": _half_shown(change.old_email), "done": change.done or done} if change else None
    status, said = 200 if change else 410, error.message if error else ""
    return page(request, "accounts/new_email.html", status, refusal=error, keep=False, change=shown, error=said)


def _half_shown(email: str) -> str:
    """“a•••@example.com”."""
    local, _at, domain = email.partition("@")
    return f"{local[:1]}•••@{domain}"


PUBLIC = [new_email, confirm_email]
CUSTOMER = [cancel_email]
PROVED = [email, ask_for_email]
