"""What the link in a guest's mail opens, as more than one door shows it: also with what was typed where it was refused."""

from typing import Any

from litestar import Request, Response

from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice, voice
from app.returns import acknowledging, cards, extents, guests, objections, refusals, unfounded_letters
from app.returns.receipts import instant
from app.web.pages import page

WITHDRAWAL, LINK = "/withdrawal", "/withdrawal/{token:str}"
Refusal = Invalid | Refused | None
# The link's address is a secret: nothing keeps it, finds it or passes it on.
SECRET = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


async def linked(request: Request, token: str, refusal: Refusal = None, text: str = "") -> Response[Any]:
    try:
        it = await guests.found(token)
    except Missing:
        return secret(page(request, "returns/declaration_link.html", 410, keep=False, it=None))
    said = Voice(voice().locale, voice().zone or it.it.time_zone)
    done = it.it.state != "unconfirmed"
    return secret(page(
        request, "returns/declaration_link.html", refusal=refusal, keep=False, it=it.it, done=done,
        when=instant(it.it.created_at, said), shown=await acknowledging.shown(it, said) if done else None,
        receipt=f"{WITHDRAWAL}/{token}/receipt.pdf", form=forms.shown(refusal, text=text), here=f"{WITHDRAWAL}/{token}",
        state=cards.sheet(it, [], said) if objections.concerned(it) else None,
        reason=refusals.clauses(said).get(it.it.clause, ""), double=await unfounded_letters.named_to_them(it),
        say=f"{WITHDRAWAL}/{token}/items" if done and extents.sayable(it) and await extents.is_owner(it) else "",
        own=f"/returns/{it.it.code}" if request.user and request.user.id == it.it.customer else "",
    ))  # fmt: skip


def secret(answer: Response[Any]) -> Response[Any]:
    answer.headers.update(SECRET)
    return answer
