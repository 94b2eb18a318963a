"""Who may be told a pack just now: it costs an eighth of a second of a processor, and memory while it is sent."""

from app.accounts.viewer import Viewer
from app.errors import Refused
from app.web.limits import Buckets

AT_ONCE, OF_ONE = 16, 3  # in this process; the window of each has four megabytes
LONGEST = 120.0  # seconds: what did not get through is taken up by the next
SOON = 3  # seconds
buckets = Buckets(rate=1, burst=60)  # of one customer, with all their devices
_open: dict[int, int] = {}  # sessions, and whose they are


def begin(viewer: Viewer) -> None:
    """Raises Refused (429) when their session is being told one, or too many others are, or they ask too often."""
    many = len(_open) >= AT_ONCE or list(_open.values()).count(viewer.id) >= OF_ONE
    if viewer.session_id in _open or many:
        raise Refused(f"Another pack is on its way; try again in {SOON} s", status=429, retry_after=SOON)
    buckets.take(str(viewer.id))
    _open[viewer.session_id] = viewer.id


def end(viewer: Viewer) -> None:
    _open.pop(viewer.session_id, None)
