"""What a customer takes away can be taken in again: the same orders, here or in another house."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import db
from app.commands.importing import Import
from app.commands.tally import Report
from app.ingest import actions, comptoir, export, kept
from app.ingest.reading import Reading
from app.ingest.snapshot import Amendment, LineQuantity, OrderSnapshot, Refund, Rejected, Shipment
from app.merchants.actions import Particulars
from tests import builders
from tests.builders import ALICE, MO, NIA, line, snapshot
from tests.ingest.any_order import orders

AT = datetime(2026, 11, 3, tzinfo=UTC)
SAID = Particulars.__struct_fields__


async def exported(path: Path) -> Path:
    """Alice's whole history, written to the file."""
    person: Any = SimpleNamespace(id=await builders.customer(ALICE), email=ALICE, name="Alice Martin", time_zone="")
    with path.open("wb") as file:
        async for part in export.as_json(person):
            file.write(part)
    return path


def read(path: Path) -> list[OrderSnapshot]:
    found = list(comptoir.read([path], Reading()))
    assert [one for one in found if not isinstance(one, OrderSnapshot)] == []
    return [one for one in found if isinstance(one, OrderSnapshot)]


def refused(path: Path) -> list[Rejected]:
    found = list(comptoir.read([path], Reading()))
    return [one for one in found if isinstance(one, Rejected)]


async def everything() -> list[OrderSnapshot]:
    ids = [row["id"] for row in await db.rows("SELECT id FROM orders")]
    return sorted((await kept.snapshots(ids)).values(), key=lambda order: (order.merchant, order.external_id))


async def emptied() -> None:
    async with db.transaction():
        for table in ("events", "orders", "customers", "merchants"):
            await db.execute(f"DELETE FROM {table}")


async def test_an_export_taken_in_elsewhere_gives_the_same_orders(tmp_path: Path) -> None:
    await actions.record_all([snapshot("1"), snapshot("2", merchant=NIA), snapshot("3", lines=[line("a"), line("b")])])
    before = await everything()
    path = await exported(tmp_path / "orders.json")
    await emptied()
    assert [outcome.result for outcome in await actions.record_all(read(path))] == ["new"] * 3
    assert await everything() == before


async def test_an_export_taken_in_where_it_came_from_changes_nothing(tmp_path: Path) -> None:
    await actions.record_all([snapshot("1", updated_at=AT), snapshot("2")])
    before = [list(map(dict, await db.rows(f"SELECT * FROM {table}"))) for table in ("orders", "order_lines", "events")]
    path = await exported(tmp_path / "orders.json")
    assert [outcome.result for outcome in await actions.record_all(read(path))] == ["unchanged"] * 2
    after = [list(map(dict, await db.rows(f"SELECT * FROM {table}"))) for table in ("orders", "order_lines", "events")]
    assert after == before


async def test_orders_that_were_updated_and_amended_come_back_as_they_became(tmp_path: Path) -> None:
    parcel = Shipment(id="p1", carrier="DHL", lines=[LineQuantity(line="1", quantity=1)])
    await actions.record(snapshot(shipments=[parcel], lines=[line("1"), line("2")], updated_at=AT))
    await actions.record(snapshot(lines=[line("2"), line("1"), line("3")], note="newer", updated_at=AT.replace(day=4)))
    refund = Refund(id="r1", amount=4800, at=AT, lines=[LineQuantity(line="3", quantity=1)])
    await actions.record_all([Amendment(source="test", merchant=MO, external_id="1001", refunds=[refund])])
    before = await everything()
    assert (before[0].payment, before[0].shipments[0].state, before[0].note) == ("partly_refunded", "cancelled", "newer")
    path = await exported(tmp_path / "orders.json")
    assert read(path) == before
    await actions.record_all(read(path))
    assert await everything() == before
    await emptied()
    await actions.record_all(read(path))
    assert await everything() == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(orders(), max_size=4, unique_by=lambda order: order.external_id))
async def test_whatever_is_kept_comes_back_out_of_its_export(tmp_path: Path, made: list[OrderSnapshot]) -> None:
    await emptied()
    await actions.record_all(made)
    before = await everything()
    path = await exported(tmp_path / "orders.json")
    await emptied()
    assert [outcome.result for outcome in await actions.record_all(read(path))] == ["new"] * len(made)
    assert await everything() == before == sorted(made, key=lambda order: order.external_id)


async def test_1114_lines_come_back(tmp_path: Path) -> None:
    many = snapshot(lines=[line(str(n), title=f"Item {n}") for n in range(1114)])
    await actions.record(many)
    assert read(await exported(tmp_path / "orders.json")) == [many]


async def taken_in(path: Path) -> Import:
    """By the command, but for its terminal."""
    reading = Reading()
    going = Import(Namespace(dry_run=False), reading, Report(None))
    await going._land(comptoir.read([path], reading), going._record)
    return going


async def merchants() -> list[dict[str, Any]]:
    return [dict(row) for row in await db.rows(f"SELECT slug, {', '.join(SAID)} FROM merchants ORDER BY slug")]


async def archived() -> list[str]:
    return [row["external_id"] for row in await db.rows("SELECT external_id FROM orders WHERE archived ORDER BY external_id")]


async def test_an_empty_house_learns_the_merchants_and_what_is_archived(tmp_path: Path) -> None:
    about = {"website": "https://mo.example", "vat_id": "FR1", "address": "1 quai\nLyon", "time_zone": "Europe/Paris"}
    await builders.merchant(MO, "Atelier Mo", **about)
    await actions.record_all([snapshot("1"), snapshot("2"), snapshot("3", merchant=NIA)])
    await db.execute("UPDATE orders SET archived = {} WHERE external_id <> '2'", True)
    before = await everything(), await merchants(), await archived()
    assert before[2] == ["1", "3"]
    path = await exported(tmp_path / "orders.json")
    await emptied()
    going = await taken_in(path)
    assert (going.tally.new, going.reading.merchants, going.reading.archived) == (3, {}, set())
    assert (await everything(), await merchants(), await archived()) == before


async def test_what_is_there_keeps_its_place_and_its_merchants_name(tmp_path: Path) -> None:
    await builders.merchant(MO, "Atelier Mo")
    await actions.record_all([snapshot("1"), snapshot("2")])
    await db.execute("UPDATE orders SET archived = {} WHERE external_id = '1'", True)
    path = await exported(tmp_path / "orders.json")
    await db.execute("UPDATE orders SET archived = NOT archived")
    await db.execute("UPDATE merchants SET name = 'Mo & Co'")
    assert (await taken_in(path)).tally.unchanged == 2
    assert await archived() == ["2"]
    assert [merchant["name"] for merchant in await merchants()] == ["Mo & Co"]


MERCHANTS_THAT_CANNOT_BE: tuple[Any, ...] = (
    5, {"NO SLUG": {}}, {MO: {"name": 5}}, {MO: {"name": "x" * 201}}, {MO: {"website": "javascript:alert(1)"}},
    {MO: {"legal": "a\0b"}},
)  # fmt: skip


@pytest.mark.without_database
@pytest.mark.parametrize("told", MERCHANTS_THAT_CANNOT_BE)
def test_merchants_that_cannot_be_refuse_the_file(tmp_path: Path, told: Any) -> None:
    path = written(tmp_path / "orders.json", snapshot(), merchants=told)
    assert [one.reason.split(":")[0] for one in refused(path)] == ["merchants"]


@pytest.mark.without_database
def test_archived_is_true_or_false(tmp_path: Path) -> None:
    path = written(tmp_path / "orders.json", msgspec.to_builtins(snapshot()) | {"archived": "yes"})
    assert [one.reason for one in refused(path)] == ["“archived” is neither true nor false"]


def written(path: Path, *orders: Any, **head: Any) -> Path:
    about = {"format": "comptoir-orders", "version": 1} | head
    path.write_bytes(msgspec.json.encode(about | {"orders": list(orders)}))
    return path


@pytest.mark.without_database
def test_records_and_bytes_are_counted_and_orders_come_one_by_one(tmp_path: Path) -> None:
    path = written(tmp_path / "orders.json", *[snapshot(str(n)) for n in range(300)])
    reading = Reading()
    found = comptoir.read([path], reading)
    assert isinstance(next(found), OrderSnapshot)
    assert reading.rows == 1
    assert len(list(found)) == 299
    assert (reading.rows, reading.done_bytes) == (300, path.stat().st_size)


NO_EXPORTS = (
    b"", b"[]", b"{}", b'{"orders": []}', b"nonsense", b'{"format": "other", "orders": []}', b'{"format": }', b"\xff\xfe",
)  # fmt: skip


@pytest.mark.without_database
@pytest.mark.parametrize("content", NO_EXPORTS)
def test_a_file_that_is_no_export_of_ours_is_refused_whole(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "orders.json"
    path.write_bytes(content)
    assert [(one.file, "not an export of Comptoir" in one.reason) for one in refused(path)] == [("orders.json", True)]


@pytest.mark.without_database
def test_an_export_of_a_later_version_is_refused_and_the_next_file_is_read(tmp_path: Path) -> None:
    later = written(tmp_path / "later.json", snapshot(), version=2)
    ours = written(tmp_path / "ours.json", snapshot())
    found = list(comptoir.read([later, ours], Reading()))
    assert found == [
        Rejected(reason="the export says version 2; this Comptoir reads version 1", file="later.json"), snapshot(),
    ]  # fmt: skip


@pytest.mark.without_database
def test_orders_that_cannot_be_are_refused_with_the_place_and_the_rest_lands(tmp_path: Path) -> None:
    good = msgspec.to_builtins(snapshot("1"))
    bad: list[Any] = [
        good | {"total": "12.50"}, good | {"total": 12.5}, {**good, "surprise": 1}, {"external_id": "5"}, "text", None,
        good | {"placed_at": "yesterday"}, good | {"payments": 5},
    ]  # fmt: skip
    path = written(tmp_path / "orders.json", good, *bad, good)
    found = list(comptoir.read([path], Reading()))
    assert [isinstance(one, OrderSnapshot) for one in found] == [True, *[False] * len(bad), True]
    wrong = refused(path)
    assert [one.line for one in wrong] == list(range(2, 2 + len(bad)))
    assert [one.external_id for one in wrong] == ["1", "1", "1", "5", "", "", "1", "1"]
    assert "$.total" in wrong[0].reason
    assert "surprise" in wrong[2].reason


@pytest.mark.without_database
def test_half_a_character_is_refused_and_not_left_to_the_database(tmp_path: Path) -> None:
    path = written(tmp_path / "orders.json", snapshot(note="HALF"))
    path.write_bytes(path.read_bytes().replace(b"HALF", rb"\ud83d"))
    assert [one.reason for one in refused(path)] == ["a text with half a character in it"]


@pytest.mark.without_database
def test_a_file_that_was_cut_off_gives_what_it_holds_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "orders.json", *[snapshot(str(n)) for n in range(9)])
    path.write_bytes(path.read_bytes()[:-400])
    found = list(comptoir.read([path], Reading()))
    assert len([one for one in found if isinstance(one, OrderSnapshot)]) == 8
    assert "broken JSON" in refused(path)[0].reason
