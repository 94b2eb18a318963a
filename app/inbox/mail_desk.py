"""At the desk: mails from senders that nobody knows, to be taken into their conversation or discarded."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.inbox import mail_cards, mail_quarantine, texts
from app.inbox.cards import called, titles
from app.merchants import door
from app.web import access
from app.web.flash import Flash
from app.web.pages import redirect

MAILS = "/desk/{merchant:str}/mails"
ONE = f"{MAILS}/{{number:int}}"


@get(MAILS, access=access.DESK)
async def waiting(request: Request) -> Response[Any]:
    desk, said = request.auth, voice()
    found = await mail_quarantine.waiting(desk.merchant)
    return door.shown(
        request,
        "inbox/desk/mails",
        passed_over=mail_cards.passed_over(await mail_quarantine.passed_over(desk.merchant), said),
        mails=[
            {
                "it": it,
                "url": f"{desk.url}/mails/{it.id}",
                "thread": f"{desk.url}/inbox/{it.code}",
                "about": it.about or titles(it.titles, said),
                "who": texts.hidden(texts.line(it.sender_name)),
                "address": mail_cards.masked(it.sender),
                "customer": called(it.customer_name, said),
                "when": said.moment(it.at),
                "subject": texts.hidden(texts.line(it.subject)),
                "cut": texts.hidden(it.cut),
                "untaken": mail_cards.untaken(it.untaken, said),
                "proof": mail_cards.proven(it.proof, said),
                "files": ", ".join(name or _("Picture") for name in it.files),
            }
            for it in found
        ],
    )


@post(f"{ONE}/acceptance", access=access.DESK)
async def accept(request: Request, number: FromPath[int]) -> Response[Any]:
    desk, user = request.auth, request.user
    try:
        code = await mail_quarantine.accept(desk.merchant, number, author=user.id, name=user.name, member=desk.member)
    except (Invalid, Refused) as error:
        blocked = isinstance(error, Refused) and error.status == 403
        said = _("You take no messages of this customer: let them write again first.") if blocked else str(error)
        return redirect(f"{desk.url}/mails", flash=Flash(said, "bad"))
    return door.changed(f"{desk.url}/inbox/{code}#newest", _("It is in the conversation now."))


@post(f"{ONE}/discarding", access=access.DESK)
async def discard(request: Request, number: FromPath[int]) -> Response[Any]:
    await mail_quarantine.discard(request.auth.merchant, number, member=request.auth.member)
    return door.changed(f"{request.auth.url}/mails", _("Discarded."))


MEMBERS = [waiting, accept, discard]
