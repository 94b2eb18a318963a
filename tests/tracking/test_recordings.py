"""Recordings of the real EasyPost, AfterShip and Shippo: every one lands, or is refused with a reason."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.tracking import aftership, easypost, shippo
from app.tracking.fields import Unusable
from app.tracking.messages import Message

pytestmark = pytest.mark.without_database

READ: dict[str, Callable[[bytes], Message]] = {"easypost": easypost.read, "aftership": aftership.read, "shippo": shippo.read}


@pytest.fixture(scope="session")
def recordings(shared_data: Path) -> dict[str, list[tuple[str, bytes]]]:
    return {
        source: [
            (path.name, json.dumps(json.loads(path.read_text())["body"]).encode())
            for path in sorted((shared_data / "shipments" / source).glob("*.json"))
        ]
        for source in READ
    }


@pytest.mark.parametrize(("source", "landed", "scans"), [("easypost", 13, 44), ("aftership", 12, 25), ("shippo", 2, 24)])
def test_every_recording_lands_or_is_refused(recordings: dict[str, Any], source: str, landed: int, scans: int) -> None:
    counts: Counter[str] = Counter()
    for name, body in recordings[source]:
        try:
            message = READ[source](body)
        except Unusable as error:
            counts["refused"] += bool(str(error))
            continue
        counts["landed"] += 1
        assert message.news, name
        assert all(news.tracking_number for news in message.news), name
        counts["scans"] += sum(len(news.scans) for news in message.news)
        assert all(scan.words for news in message.news for scan in news.scans), name
    assert counts["landed"] + counts["refused"] == len(recordings[source])
    assert (counts["landed"], counts["scans"]) == (landed, scans)


def test_words_of_the_recordings_are_known(recordings: dict[str, Any]) -> None:
    """But Shippo's own “UNKNOWN”."""
    strange = set()
    for source, found in recordings.items():
        for _name, body in found:
            try:
                news = READ[source](body).news
            except Unusable:
                continue
            strange |= {(source, scan.code) for one in news for scan in one.scans if scan.status == "unknown"}
    assert strange == {("shippo", "UNKNOWN")}
