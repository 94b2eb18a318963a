"""`python -m app account`: what support does for a customer who cannot get in, or must be kept out."""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec

from app import i18n
from app.accounts import contacts, customers, factor_resets, locking, operators, support
from app.accounts.support import Account, Factor
from app.commands import database
from app.commands.stop import Stop
from app.errors import Invalid, Missing, Refused
from app.mail import letters
from app.merchants import members


def show(options: Namespace) -> int:
    account, desks = asyncio.run(_looked_up(options.email))
    if options.json:
        print(msgspec.json.encode({**msgspec.structs.asdict(account), "desks": desks}).decode())
        return 0
    for name, text in _lines(account, desks):
        print(f"{name:<16}{text}")
    for event in account.events:
        print(f"{_moment(event.at):<18}{event.text}")
    return 0


def lock(options: Namespace) -> int:
    done = "locked; everybody is signed out, and only `account unlock` lets in again"
    return asyncio.run(_changed(options, done, locking.lock))


def unlock(options: Namespace) -> int:
    return asyncio.run(_changed(options, "unlocked", locking.unlock))


def operator(options: Namespace) -> int:
    verb = operators.end if options.end else operators.begin
    return asyncio.run(_changed(options, "no operator any more" if options.end else "an operator from now on", verb))


def change_email(options: Namespace) -> int:
    email = asyncio.run(_moved(options))
    print(f"{options.email}: is {email} now; everybody is signed out, and the old address is told.")
    return 0


def reset_factors(options: Namespace) -> int:
    due = asyncio.run(_reset(options))
    if options.now:
        print(f"{options.email}: all factors are removed; everybody is signed out, and a mail says so.")
    else:
        print(f"{options.email}: all factors will be removed at {_moment(due)} UTC. A mail says so, and how to stop it.")
    return 0


def stop_reset(options: Namespace) -> int:
    asyncio.run(_stopped(options.email))
    print(f"{options.email}: the factors stay.")
    return 0


async def _looked_up(email: str) -> tuple[Account, list[dict[str, str]]]:
    i18n.current.set(support.ENGLISH)
    async with _support(email):
        await factor_resets.carry_out()
        account = await support.account(email)
        desks = [{"merchant": row["merchant"], "role": row["role"]} for row in await members.of_a_person(account.id)]
    return account, desks


async def _changed(options: Namespace, done: str, verb: Callable[..., Awaitable[None]]) -> int:
    async with _support(options.email):
        await verb(await customers.number_of(options.email), reason=_reason(options))
    print(f"{options.email}: {done}.")
    return 0


async def _moved(options: Namespace) -> str:
    async with _support(options.email):
        return await contacts.change_email(await customers.number_of(options.email), options.new, reason=_reason(options))


async def _reset(options: Namespace) -> datetime:
    async with _support(options.email):
        customer = await customers.number_of(options.email)
        return await factor_resets.ask(customer, reason=_reason(options), at_once=options.now)


async def _stopped(email: str) -> None:
    async with _support(email):
        customer = await customers.number_of(email)
        try:
            await factor_resets.stop(customer)
        except Missing as error:
            raise Stop(f"{email}: no removal of factors is to come", 1) from error


@asynccontextmanager
async def _support(email: str) -> AsyncIterator[None]:
    """What a verb refuses is one line for the operator; what it has written goes out by mail."""
    async with database.opened():
        try:
            yield
        except Invalid as error:
            raise Stop(f"“{email}”: {error}") from error
        except Missing as error:
            raise Stop(f"there is no account for {email}", 1) from error
        except Refused as error:
            raise Stop(f"{email}: {error.message}", 1) from error
        await letters.post()


def _reason(options: Namespace) -> str:
    reason = " ".join(options.reason.split())
    if not reason:
        raise Stop("--reason: say why; it is kept with the event")
    return reason[:500]


def _lines(account: Account, desks: list[dict[str, str]]) -> list[tuple[str, str]]:
    seen = f", last seen {_moment(account.last_seen_at)}" if account.last_seen_at else ""
    state = f"locked since {_moment(account.locked_at)} by the {account.locked_by}" if account.locked_at else "open"
    lines = [
        ("e-mail", account.email), ("name", account.name or "-"), ("created", _moment(account.created_at)),
        ("state", state), ("password", "set" if account.has_password else "none"),
        *(("factor", _factor(factor)) for factor in account.factors),
        ("recovery codes", f"{account.recovery_codes_left} left"), ("sessions", f"{account.sessions}{seen}"),
        *([("operator", "yes")] if account.operator else []),
        *(("works at", f"{desk['merchant']} ({desk['role']})") for desk in desks),
    ]  # fmt: skip
    if account.reset:
        lines.append(("factors go", f"{_moment(account.reset.due_at)}: {account.reset.reason}"))
    return lines


def _factor(factor: Factor) -> str:
    used = f"last used {_moment(factor.used_at)}" if factor.used_at else "not used yet"
    return ", ".join(filter(None, (factor.kind, factor.name, used, "blocked: it was copied" if factor.blocked else "")))


def _moment(at: datetime) -> str:
    """In UTC, as events are kept."""
    return f"{at:%Y-%m-%d %H:%M}"
