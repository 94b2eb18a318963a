"""What the desk that answers has at hand: labels on a thread, saved replies, and what is done with many threads at once."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, post
from litestar.params import FromPath

from app.accounts import forms
from app.errors import Missing
from app.i18n import _, ngettext
from app.inbox import door as one
from app.inbox import kept, labels, saved_replies, several
from app.merchants import door
from app.typed import number as numbered
from app.web import access
from app.web.flash import Flash, Undo
from app.web.pages import redirect

Pairs = list[tuple[str, str]]
MANY = f"{one.INBOX}/several"


@post(f"{one.ONE}/labels", access=access.DESK)
async def put_labels(request: Request, code: FromPath[str]) -> Response[Any]:
    """`label`: those on it, each once; no others stay."""
    wanted = [number for name, text in await forms.sent(request) if name == "label" and (number := numbered(text)) is not None]
    await labels.put(request.auth.merchant, code, wanted, by=one.member(request))
    return door.changed(f"{request.auth.url}/inbox/{code}", _("Saved."))


@post(f"{one.ONE}/saved", access=access.DESK, status_code=200)
async def put_in(request: Request, code: FromPath[str]) -> Response[Any]:
    """A saved reply, behind what is typed already; nothing is sent by it."""
    typed, desk = dict(await forms.sent(request)), request.auth
    it = await kept.at_desk(desk.merchant, code)
    if (number := numbered(typed.get("saved", ""))) is not None:
        text = await saved_replies.filled(it, await saved_replies.one(desk.merchant, number), request.user.name)
        typed["text"] = "\n\n".join(part for part in (typed.get("text", "").strip(), text) if part)
    return await one.shown(request, code, typed=typed)


@post(MANY, access=access.DESK)
async def many(request: Request) -> Response[Any]:
    """`do`: close, open, assign, label, unlabel; `code`: each that is ticked. `one`: “code.member” of whoever had it before."""
    pairs = [*request.query_params.multi_items(), *await forms.sent(request)]
    typed, back = dict(pairs), f"{request.auth.url}/inbox"
    codes = [text for name, text in pairs if name == "code"]
    if not codes and "one" not in typed:
        return redirect(back, flash=Flash(_("Choose at least one."), "bad"))
    do = typed.get("do", "")
    if do in ("close", "open"):
        said = await _closed(request, codes, again=do == "open")
    elif do == "assign":
        said = await _assigned(request, codes, pairs)
    elif do in ("label", "unlabel"):
        said = await _labelled(request, codes, typed.get("label", ""), off=do == "unlabel")
    else:
        raise Missing
    return redirect(back, flash=said)


async def _closed(request: Request, codes: list[str], *, again: bool) -> Flash:
    done = await several.close(request.auth.merchant, codes, by=one.member(request), again=again)
    said = ngettext("%(num)d open again.", "%(num)d open again.", len(done)) if again else ""
    said = said or ngettext("%(num)d closed.", "%(num)d closed.", len(done))
    return _flash(request, said % {"num": len(done)}, [("code", code) for code in done], "close" if again else "open")


async def _assigned(request: Request, codes: list[str], pairs: Pairs) -> Flash:
    member = numbered(dict(pairs).get("member", ""))
    before = [text.partition(".") for name, text in pairs if name == "one"]
    wanted = [(code, numbered(whose)) for code, _dot, whose in before] or [(code, member) for code in codes]
    done = await several.assign(request.auth.merchant, wanted, by=one.member(request))
    said = ngettext("%(num)d assigned.", "%(num)d assigned.", len(done)) % {"num": len(done)}
    return _flash(request, said, [("one", f"{code}.{'' if whose is None else whose}") for code, whose in done], "assign")


async def _labelled(request: Request, codes: list[str], label: str, *, off: bool) -> Flash:
    number = numbered(label)
    if number is None:
        return Flash(_("Choose a label."), "bad")
    done = await several.label(request.auth.merchant, codes, number, by=one.member(request), off=off)
    said = ngettext("%(num)d labelled.", "%(num)d labelled.", len(done))
    said = ngettext("The label is taken off %(num)d.", "The label is taken off %(num)d.", len(done)) if off else said
    named = [("label", label), *(("code", code) for code in done)] if done else []
    return _flash(request, said % {"num": len(done)}, named, "label" if off else "unlabel")


def _flash(request: Request, said: str, changed: Pairs, back: str) -> Flash:
    if not changed:
        return Flash(_("It is so already."))
    undo = Undo(f"{request.auth.url}/inbox/several?{urlencode(changed)}", "do", back, _("Undo"))
    return Flash(said, "good", undo=undo)


MEMBERS = [put_labels, put_in, many]
