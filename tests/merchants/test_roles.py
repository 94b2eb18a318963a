"""What each role may, and that whoever worked at a desk before there were three is an agent."""

import runpy
from pathlib import Path

import pytest

from app import db
from app.merchants import members, roles
from app.merchants.desk_guard import Desk
from tests import builders
from tests.builders import BOB

MIGRATION = Path(__file__).parents[2] / "migrations/comptoir_2026_11_27t22_45_00_000000.py"


@pytest.mark.parametrize(
    ("role", "may"), [("agent", ["agent"]), ("manager", ["agent", "manager"]), ("owner", ["agent", "manager", "owner"])]
)
def test_each_role_may_what_those_before_it_may(role: str, may: list[str]) -> None:
    assert [least for least in roles.ROLES if roles.enough(role, least)] == may
    desk = Desk(1, "mo", "Mo", role, 1)
    assert (desk.manager, desk.owner) == ("manager" in may, "owner" in may)


def test_every_role_has_a_word_and_room_in_its_column() -> None:
    assert tuple(roles.words()) == roles.ROLES
    assert max(map(len, roles.ROLES)) <= 8


async def test_whoever_was_staff_is_an_agent_and_owners_stay() -> None:
    shop = await builders.merchant()
    for email, role in (("sam@example.com", "staff"), ("mo@example.com", "owner"), (BOB, "manager")):
        await builders.member(email, role=role)
    moved = await runpy.run_path(str(MIGRATION))["forwards"]()
    for step in moved.raw:
        await step()
    assert [row["role"] for row in await members.of(shop)] == ["owner", "manager", "agent"]
    for step in moved.raw_backwards:
        await step()
    assert {row["role"] for row in await db.rows("SELECT role FROM members")} == {"owner", "staff"}
