"""“Forget this device”: nothing of anybody is left on it, and nothing goes there any more."""

from app.accounts import leaving
from app.accounts.viewer import Viewer
from app.db import transaction
from app.notifications import forgetting


async def forget_device(viewer: Viewer | None, device: str) -> None:
    """`device` is the browser's token (`accounts/devices.py`), empty when it was never here. Signed in or not."""
    async with transaction():
        await leaving.forget_device(viewer, device)
        if viewer:
            await forgetting.forget_browser(viewer)
