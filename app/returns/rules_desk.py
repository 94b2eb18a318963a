"""A merchant's rules of returns at its desk: everybody there reads them; managers and owners change them, try them on past
returns first, and make an earlier version the present one again."""

import re
from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.accounts.forms import Errors, sent, shown
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.merchants import desk_guard, door
from app.returns import rule_choices, rule_forms, rule_trial_cards, rule_trials, rule_typed, rule_versions, rule_words, rules
from app.returns.door import tell_pages
from app.returns.rule_forms import Form
from app.web import access

RULES = "/desk/{merchant:str}/return-rules"
ADDING, REMOVING = re.compile("more-([a-z]+)"), re.compile("remove-([a-z]+)-([0-9]{1,3})")


@get(RULES, access=access.DESK)
async def present(request: Request) -> Response[Any]:
    """As a form, for who may change it."""
    version, theirs = await rules.of(request.auth.merchant)
    if not request.auth.manager:
        return door.shown(request, "returns/desk/rules_read", said=rule_words.all_of(theirs, voice()), version=version)
    known = rule_typed.known(await rules.currencies(request.auth.merchant), theirs)
    return _form(request, rule_forms.of_rules(theirs, known, voice().locale), known, version)


@post(RULES, access=access.DESK_MANAGERS, guards=[desk_guard.manager_at_desk])  # the path is one of `routes.DESK` by its GET
async def change(request: Request) -> Response[Any]:
    """Tried, saved, or shown again with a row more or less. Nothing that is typed is lost."""
    pairs = await sent(request)
    typed, what = rule_forms.sent(pairs), dict(pairs).get("do", "try")
    version, theirs = await rules.of(request.auth.merchant)
    known = rule_forms.currencies(typed, rule_typed.known(await rules.currencies(request.auth.merchant), theirs))
    if found := ADDING.fullmatch(what):
        return _form(request, typed.with_spare(found[1]), known, _version(pairs), focus=found[1])
    if found := REMOVING.fullmatch(what):
        return _form(request, _without(typed, found[1], int(found[2])), known, _version(pairs), focus=found[1])
    try:
        new = rule_typed.rules_of(typed, theirs, voice().locale)
        if what == "save":
            await rules.save(request.auth.merchant, new, by=request.user, after=_version(pairs))
            await tell_pages()
            return door.changed(f"{request.auth.url}/return-rules", _("Saved. These rules count from now on."))
        tried = await rule_trials.of_merchant(request.auth.merchant, new)
    except (Invalid, Refused) as error:
        return _form(request, typed.with_spare(), known, version, refusal=error)
    trial = rule_trial_cards.trial(tried, voice())
    return _form(request, typed.with_spare(), known, _version(pairs), trial=trial, unsaved=new != theirs)


@get(f"{RULES}/versions", access=access.DESK)
async def versions(request: Request, before: FromQuery[int] = 0) -> Response[Any]:
    found, older = await rule_versions.of_merchant(request.auth.merchant, before)
    return door.shown(request, "returns/desk/rule_versions", versions=found, older=older)


@get(f"{RULES}/versions/{{number:int}}", access=access.DESK)
async def version(request: Request, number: FromPath[int]) -> Response[Any]:
    found = await rule_versions.one(request.auth.merchant, number)
    return door.shown(request, "returns/desk/rule_version", version=found, said=rule_words.all_of(found.rules, voice()))


@post(f"{RULES}/versions/{{number:int}}/restoration", access=access.DESK_MANAGERS)
async def restore(request: Request, number: FromPath[int]) -> Response[Any]:
    await rule_versions.restore(request.auth.merchant, number, by=request.user)
    await tell_pages()
    return door.changed(f"{request.auth.url}/return-rules", _("These rules count again from now on."))


def _form(request: Request, typed: Form, known: Sequence[str], version: int, **about: Any) -> Response[Any]:
    """`known`: the currencies asked for; `version`: the one that is changed."""
    form = shown(about.get("refusal"), one=Errors(typed.one), checked=typed.checked, rows=typed.rows, version=version)
    context = {"focus": "", "trial": None, "unsaved": False, **about}
    return door.shown(request, "returns/desk/rules", form=form, choices=rule_choices.of(typed, known, voice()), **context)


def _without(typed: Form, name: str, number: int) -> Form:
    return typed.without(name, number).with_spare() if name in rule_forms.ROWS else typed.with_spare()


def _version(pairs: Sequence[tuple[str, str]]) -> int:
    """That the form was made from; what is no number is none of ours."""
    text = dict(pairs).get("version", "")
    return int(text) if re.fullmatch("[0-9]{1,10}", text) else -1


MEMBERS = [present, change, versions, version]
MANAGERS = [restore]
