"""What pages and chores of the inbox ask for is found by an index: it costs no more where there are very many of everything."""

import re

import pytest

from app import clock
from app.inbox import api_uploads, flag_queue, limits, mail_kept, mail_quarantine, merging, return_cards, sellers
from app.worker import CHORES
from tests.plans import plan

NOW = clock.now()
READS: list[tuple[str, tuple[object, ...], str]] = [
    (sellers.THEIRS, (1, 1, 1, 1), "threads_of_a_customer"),
    (merging.OTHERS, (1, 1, 1, True, 20), "threads_of_a_customer"),
    (limits.OF_BUYER, (1, NOW, NOW, 60), "messages_by_time"),
    (limits.OF_MERCHANT, (1, NOW, NOW, 1, 120), "messages_by_time"),
    (api_uploads.USED, ("photo-1.webp",), "message_files_name"),
    (mail_kept.OLD, (NOW, NOW, 200), "mails_in_to_forget"),
    (mail_quarantine.WAITING, (1, 100), "mails_in_waiting"),
    (mail_quarantine.COUNT, (1,), "mails_in_waiting"),
]


@pytest.mark.parametrize(("sql", "args", "index"), READS)
async def test_it_is_found_by_an_index(sql: str, args: tuple[object, ...], index: str) -> None:
    found = await plan(sql, *args)
    assert index in found, found
    assert not re.search(r"^SCAN (?!CONSTANT)", found, re.MULTILINE), found


async def test_mails_are_looked_through_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    async def few() -> int:
        looks.append(1)
        return 0 if len(looks) > 1 else mail_kept.BITE

    monkeypatch.setattr(mail_kept, "bite", few)
    monkeypatch.setattr(mail_kept, "_due", 0.0)
    for _ in range(3):
        await mail_kept.forget()
    assert len(looks) == 2, "at once again while there is more, then not before an hour is over"
    assert mail_kept.forget in CHORES


@pytest.mark.parametrize(
    ("sql", "args"),
    [(f"{flag_queue.COUNT} AND +t.merchant = {{}}", (1,)), (return_cards.AT_DESK, (1, 1, 1, 1))],
    ids=["reports that wait", "conversations about a return"],
)
async def test_no_desk_goes_through_all_of_its_conversations(sql: str, args: tuple[object, ...]) -> None:
    assert "threads_of_a_merchant" not in await plan(sql, *args)
