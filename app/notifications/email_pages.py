"""“Send me a test” for mail: what shows whether a mailbox is open again."""

from typing import Any

from litestar import Request, Response, post

from app.errors import Refused
from app.i18n import _
from app.notifications import email, people
from app.web import access
from app.web.flash import Flash
from app.web.pages import redirect

CHOICES = "/account/notifications"


@post("/account/notifications/email/test", access=access.CUSTOMER)
async def send_test(request: Request) -> Response[Any]:
    person = (await people.named([request.user.id]))[request.user.id]
    try:
        await email.try_it(person)
    except Refused as error:
        return redirect(CHOICES, flash=Flash(error.message, "bad"))
    return redirect(CHOICES, flash=Flash(_("The mail is on its way to %(email)s.") % {"email": person.email}, "good"))


CUSTOMER = [send_test]
