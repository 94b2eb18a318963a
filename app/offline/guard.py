"""Who may be told a pack just now: it costs an eighth of a second of a processor, and memory while it is sent."""

from app.accounts.viewer import Viewer
from app.errors import Refused
from app.web.limits import Buckets

AT_ONCE = 16  # in this process; the window of each has four megabytes
SOON = 3  # seconds
buckets = Buckets(rate=1, burst=60)  # of one customer, with all their devices
_open: set[int] = set()  # sessions


def begin(viewer: Viewer) -> None:
    """Raises Refused (429) when their session is being told one, or too many others are, or they ask too often."""
    if viewer.session_id in _open or len(_open) >= AT_ONCE:
        raise Refused(f"Another pack is on its way; try again in {SOON} s", status=429, retry_after=SOON)
    buckets.take(str(viewer.id))
    _open.add(viewer.session_id)


def end(viewer: Viewer) -> None:
    _open.discard(viewer.session_id)
