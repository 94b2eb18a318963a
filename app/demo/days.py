"""Days of the demo shop are counted back from “today”, so that a parcel due tomorrow is due tomorrow on any day."""

from datetime import UTC, date, datetime, time, timedelta

from app.clock import zone


def moment(today: date, days: int, clock: str, zone_name: str) -> datetime:
    """The instant, in UTC, when clocks in that zone show `clock` ("14:05") `days` before today (negative: to come)."""
    local = datetime.combine(today - timedelta(days), time.fromisoformat(clock), zone(zone_name))
    return local.astimezone(UTC)


def weekday(today: date, days: int, *, saturdays: bool = False) -> int:
    """The same day or the first after it on which warehouses (or, with Saturdays, carriers) work, as days back."""
    while (today - timedelta(days)).weekday() >= (6 if saturdays else 5):
        days -= 1
    return days
