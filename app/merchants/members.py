"""A merchant's people: who is added, taken away, or gets another role. Each is recorded, and told to the owners by mail.

Changes of one merchant's people wait for each other: of two owners who remove one another at once, the second is none any
more. `by` is who does it, None at the shell.
"""

from collections.abc import Sequence
from typing import Any

from app import clock, db
from app.accounts import customers, throttle
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.events.actions import record
from app.i18n import _
from app.merchants import news, roles

MOST = 200  # people of one merchant

OF_A_MERCHANT = """
SELECT mb.id, mb.customer, mb.role, mb.created_at, mb.seen_at, c.email, c.name
FROM members mb JOIN customers c ON c.id = mb.customer WHERE mb.merchant = {} ORDER BY mb.role DESC, mb.id
"""


async def of(merchant: int) -> Sequence[db.Row]:
    """Owners first, agents last."""
    return await db.rows(OF_A_MERCHANT, merchant)


async def of_a_person(customer: int) -> Sequence[db.Row]:
    return await db.rows(
        "SELECT m.slug AS merchant, mb.role FROM members mb JOIN merchants m ON m.id = mb.merchant "
        "WHERE mb.customer = {} ORDER BY m.slug",
        customer,
    )


async def names_of(bys: Sequence[str]) -> dict[str, str]:
    """Of those of them who are people of a merchant, as `Event.by` has them: “member:5”."""
    numbers = sorted({int(number) for by in bys if (number := by.removeprefix("member:")) != by and number.isdecimal()})
    if not numbers:
        return {}
    found = await db.rows(
        f"SELECT mb.id, c.name, c.email FROM members mb JOIN customers c ON c.id = mb.customer "  # noqa: S608
        f"WHERE mb.id IN ({db.marks(len(numbers))})", *numbers,
    )  # fmt: skip
    return {f"member:{row['id']}": row["name"] or row["email"] for row in found}


def called(person: db.Row) -> str:
    """A name is shown when its owner has been here: to add an address must not tell whose it is."""
    name: str = person["name"] if person["seen_at"] else ""
    return name or person["email"]


async def everybody(slug: str = "") -> Sequence[db.Row]:
    """For the shell: of all merchants, or of one."""
    only, args = ("WHERE m.slug = {}", [slug]) if slug else ("", [])
    return await db.rows(
        "SELECT m.slug AS merchant, c.email, c.name, mb.role, mb.created_at, mb.seen_at FROM members mb "  # noqa: S608
        f"JOIN merchants m ON m.id = mb.merchant JOIN customers c ON c.id = mb.customer {only} ORDER BY m.slug, mb.id",
        *args,
    )


async def add(merchant: int, email: str, role: str, *, by: Viewer | None) -> int:
    """The member's id; whoever has no account gets one. Raises Invalid(email=… or role=…), Refused (429)."""
    email = customers.normal(email)
    _check(role)
    if by is not None:
        await throttle.person_added(merchant, email)
    async with transaction():
        await alone(merchant, by)
        told = await news.owners(merchant)
        person = await customers.with_address(email)
        await _check_room(merchant, person["id"])
        row = {"merchant": merchant, "customer": person["id"], "role": role, "created_at": clock.now()}
        made = await db.insert("members", [row], "id")
        await customers.raise_revision(person["id"])
        await _record("member_added", merchant, person["id"], by, role=role)
        await news.welcome(person, merchant, by=by.email if by else "")
        await news.tell(told, merchant, "member_added", by=by.email if by else "", what=email)
    number: int = made[0]["id"]
    return number


async def remove(merchant: int, member: int, *, by: Viewer | None) -> None:
    """Their very next request finds no desk. Raises Missing, Refused for the last owner."""
    async with transaction():
        await alone(merchant, by)
        told, person = await news.owners(merchant), await _member(merchant, member)
        if person["role"] == "owner":
            _check_not_last(told)
        await db.execute("DELETE FROM members WHERE id = {}", member)
        await customers.raise_revision(person["customer"])
        await _record("member_removed", merchant, person["customer"], by, role=person["role"])
        await news.tell(told, merchant, "member_removed", by=by.email if by else "", what=person["email"])


async def change_role(merchant: int, member: int, role: str, *, by: Viewer | None) -> None:
    """Nothing happens when it is theirs already. Raises Invalid(role=…), Missing, Refused for the last owner."""
    _check(role)
    async with transaction():
        await alone(merchant, by)
        told, person = await news.owners(merchant), await _member(merchant, member)
        if person["role"] == role:
            return
        if person["role"] == "owner":
            _check_not_last(told)
        await db.execute("UPDATE members SET role = {} WHERE id = {}", role, member)
        await _record("member_role_changed", merchant, person["customer"], by, role=role, before=person["role"])
        await news.tell(told, merchant, "member_role_changed", by=by.email if by else "", what=person["email"])


async def found(merchant: int, email: str) -> int:
    """The member's id, for who names people by address. Raises Missing, Invalid(email=…)."""
    member = await db.one(
        "SELECT mb.id FROM members mb JOIN customers c ON c.id = mb.customer WHERE mb.merchant = {} AND c.email = {}",
        merchant, customers.normal(email),
    )  # fmt: skip
    if member is None:
        raise Missing
    number: int = member["id"]
    return number


async def alone(merchant: int, by: Viewer | None, *, least: str = "owner") -> None:
    """First in the transaction of a change: what the guard has let in may be over meanwhile. `least`: see `roles`. Raises
    Missing, Refused (403).

    Not a lock on the merchant's row: orders that come in refer to it, and would wait.
    """
    await db.take_turn(f"members of {merchant}")
    if by is None:
        return
    member = await db.one("SELECT role FROM members WHERE merchant = {} AND customer = {}", merchant, by.id)
    if member is None:
        raise Missing
    if not roles.enough(member["role"], least):
        raise roles.refusal(least)


async def _member(merchant: int, member: int) -> db.Row:
    person = await db.one(
        "SELECT mb.customer, mb.role, c.email FROM members mb JOIN customers c ON c.id = mb.customer "
        "WHERE mb.id = {} AND mb.merchant = {}",
        member, merchant,
    )  # fmt: skip
    if person is None:
        raise Missing
    return person


async def _check_room(merchant: int, customer: int) -> None:
    there = await db.rows("SELECT customer FROM members WHERE merchant = {}", merchant)
    if customer in {row["customer"] for row in there}:
        raise Invalid(email=_("Somebody with this address works here already."))
    if len(there) >= MOST:
        raise Invalid(email=_("There are as many people as we can keep. Remove one first."))


def _check(role: str) -> None:
    if role not in roles.ROLES:
        raise Invalid(role=_("Choose one of the roles."))


def _check_not_last(owners: Sequence[db.Row]) -> None:
    if len(owners) < 2:
        raise Refused(_("A desk needs an owner. Make somebody else one first."), title=_("This is the last owner"))


async def _record(kind: str, merchant: int, customer: int, by: Viewer | None, **about: Any) -> None:
    await record(kind, customer=customer, merchant=merchant, by=by.id if by else "operator", **about)
