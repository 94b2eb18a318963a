"""Mails that lie in a folder, as they do where no server sends them: those that name something that is forgotten go with it."""

import asyncio
from collections.abc import Sequence
from email import message_from_bytes, policy
from pathlib import Path

from app.mail import outbox


async def forget(codes: Sequence[str]) -> None:
    """All that name one of these."""
    if codes:
        await asyncio.to_thread(_forget, codes)


def _forget(codes: Sequence[str]) -> None:
    for file in outbox.folder().glob("*.eml"):
        if any(code in said for said in _texts(file) for code in codes):
            file.unlink(missing_ok=True)


def _texts(file: Path) -> list[str]:
    try:
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        return [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    except (OSError, LookupError, ValueError):
        return []
