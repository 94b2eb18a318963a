"""What a merchant's programs do in its threads: the desk's own verbs, by addresses and uploads instead of rows."""

from app import db
from app.errors import Invalid
from app.inbox import api_uploads, posting, tending, texts
from app.inbox.api_sent import Assignment, Post
from app.inbox.posting import Said

MEMBER = "SELECT mb.id FROM members mb JOIN customers c ON c.id = mb.customer WHERE mb.merchant = {} AND c.email = {}"
MOST_NAME = 80


async def write(merchant: int, code: str, given: Post, *, by: str) -> int:
    """The message's id. Raises Missing, Invalid (text, name, files), Refused (409)."""
    if len(given.name) > MOST_NAME:
        raise Invalid(name=f"at most {MOST_NAME} letters")
    async with db.transaction():
        files = await api_uploads.named(merchant, code, given.files)
        side: posting.Side = "note" if given.note else "seller"
        words = Said(side=side, text=given.text, name=texts.line(given.name), files=files, via="api", until=db.MOST_ID)
        number = await posting.answer(merchant, code, words)
        if given.close:
            await tending.close(merchant, code, by=by)
    return number


async def assign(merchant: int, code: str, given: Assignment, *, by: str) -> None:
    """Raises Missing, Invalid (agent)."""
    found = await db.one(MEMBER, merchant, given.agent.strip().lower()) if given.agent else None
    if given.agent and found is None:
        raise Invalid(agent="nobody of that address works at this desk")
    await tending.assign(merchant, code, found["id"] if found else None, by=by)
