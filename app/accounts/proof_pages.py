"""Where somebody who is signed in shows once more who they are. A change that was waiting for it then goes on."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect
from msgspec.structs import replace

from app.accounts import asked_cookie, door, factors, forms, passkeys, proofs
from app.accounts.passkey_answers import wrong
from app.errors import Invalid, Refused
from app.web import access
from app.web.pages import cookie_options, page, redirect

OWN = "proof_"  # fields of this form; whatever else is in it belongs to the change that waits


@get("/account/proof", access=access.CUSTOMER)
async def proof_form(request: Request) -> Response[Any]:
    """`factor=yes`: only a second one will do."""
    next, factor = forms.own_path(request.query_params.get("next", "")) or "/account", "factor" in request.query_params
    if request.user.factor_fresh if factor else request.user.proved:
        return redirect(next)
    return page(request, "accounts/proof.html", proof=await proofs.asked(request.user, next=next, factor=factor))


@post("/account/proof", access=access.CUSTOMER)
async def show_proof(request: Request) -> Response[Any]:
    """307 sends the very form on to the change that waits for it (RFC 9110, 15.4.8): nothing is typed twice."""
    sent = await forms.sent(request)
    own = {name.removeprefix(OWN): value for name, value in sent if name.startswith(OWN)}
    then, next = forms.own_path(own.get("then", "")), forms.own_path(own.get("next", "")) or "/account"
    fields = [(name, value) for name, value in sent if not name.startswith(OWN)]
    about = {"then": then, "next": next, "fields": fields, "factor": bool(own.get("factor"))}
    network = door.network(request)
    asked = asked_cookie.read(request.cookies.get(asked_cookie.PROOF, ""), asked_cookie.PROOF)
    try:
        if own.get("send"):
            return await _code_sent(request, network, **about)
        await _prove(request, own, asked.code_id if asked else 0, network)
    except (Invalid, Refused) as error:
        shown = await proofs.asked(request.user, **about, error=str(error), code_sent=asked is not None)
        return page(request, "accounts/proof.html", refusal=error, proof=shown)
    return Redirect(then, status_code=307) if then else redirect(next)


async def _prove(request: Request, own: dict[str, str], code_id: int, network: str) -> None:
    kind = next((kind for kind in ("passkey", "authenticator", "password", "code") if own.get(kind)), "")
    try:
        await proofs.prove(request.user, kind, own.get(kind, ""), code_id=code_id, network=network)
    except passkeys.Cloned as error:
        await factors.cloned(error.passkey)
        raise wrong() from error


async def _code_sent(request: Request, network: str, **about: Any) -> Response[Any]:
    viewer = request.user
    code_id = await proofs.send_code(viewer, network)
    shown = replace(await proofs.asked(viewer, **about), code_sent=True)
    response = page(request, "accounts/proof.html", proof=shown)
    cookie = asked_cookie.now(viewer.email, code_id, "").cookie(asked_cookie.PROOF)
    response.set_cookie(asked_cookie.PROOF, cookie, **cookie_options(asked_cookie.LIFETIME))
    return response


@post("/account/proof/options", status_code=200, access=access.CUSTOMER)
async def proof_options(request: Request) -> Response[bytes]:
    return door.options(await passkeys.asking_options("proof", request.user.id))


CUSTOMER = [proof_form, show_proof, proof_options]
