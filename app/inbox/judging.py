"""What comes of a reported message: nothing; a warning to who wrote it; withdrawn from sight; or also blocked.

A withdrawn message stands there without its words and with the reason, for both sides and their programs, and is not found by
them; its words are kept until it is purged, as whoever wrote it may object. Blocked is who wrote it between these two alone:
a customer cannot write to that seller, or the seller's people to that customer. Whoever reported it and whoever wrote it are
told, with the reason (Regulation (EU) 2022/2065, Art. 16 and 17).
"""

from collections.abc import Collection
from typing import Any

from app import clock, db, typed
from app.accounts import customers
from app.errors import Invalid, Refused
from app.events import actions as events
from app.i18n import Voice, _
from app.inbox import blocking, counting, flag_queue, flagging, kept, lines, posting, searching
from app.inbox.flag_queue import Flagged
from app.inbox.kept import KeptThread

VERDICTS = ("leave", "warn", "withdraw", "block")
OUT_OF_SIGHT = ("withdraw", "block")
HIDE = "UPDATE messages SET text = '', event = {} WHERE id = {}"
SHOW = "UPDATE messages SET text = {}, event = '' WHERE id = {}"
GIST = "UPDATE threads SET last_text = {} WHERE id = {} AND last_message = {}"
SETTLED = "UPDATE message_reports SET settled_at = {} WHERE message = {} AND settled_at IS NULL RETURNING author, side"
VERDICT = """
INSERT INTO message_verdicts (message, did, why, text, words, "by", at) VALUES ({}, {}, {}, {}, {}, {}, {})
ON CONFLICT (message) DO UPDATE SET did = excluded.did, why = excluded.why, text = excluded.text, words = excluded.words,
"by" = excluded."by", at = excluded.at
"""
CONCERNED = "SELECT 1 FROM message_reports WHERE message = {} AND author = {}"
DECIDERS = "SELECT customer FROM members WHERE merchant = {} AND role <> 'agent'"
TITLES = "SELECT title FROM message_files WHERE message = {} ORDER BY id"


async def decide(
    judge: int, number: int, *, did: str, why: str = "", text: str = "", author: int, member: int, voice: Voice
) -> None:  # fmt: skip
    """`judge`: at which merchant's desk. It may be decided anew. Raises Missing, Invalid(did=…, why=…, text=…), Refused."""
    async with db.transaction():
        await customers.lock((await kept.by_code((await flag_queue.one(judge, number)).code)).customer)
        it = await flag_queue.one(judge, number)
        thread, said = await kept.by_code(it.code), text.strip()
        _check(did, why, said, voice)
        await _not_oneself(judge, it, author)
        why = why if did != "leave" else ""
        await _sight(thread, it, did, why, by=f"member:{member}")
        await _blocks(thread, it, did, why, said or flagging.reasons(voice).get(why, ""), author, by=f"member:{member}")
        words = it.text if did in OUT_OF_SIGHT else ""
        await db.execute(VERDICT, it.id, did, why, said, words, member, clock.now())
        await _tell(thread, it, did, why, said, await db.execute(SETTLED, clock.now(), it.id))
        await counting.changed(thread.customer, thread.id)


def _check(did: str, why: str, said: str, voice: Voice) -> None:
    wrong = {} if did in VERDICTS else {"did": _("Choose what becomes of it.")}
    if did != "leave" and why not in flagging.reasons(voice):
        wrong["why"] = _("Choose why: they are told.")
    if unfit := typed.wrong_words(said, flagging.LONGEST):
        wrong["text"] = unfit
    if wrong:
        raise Invalid.at(wrong)


async def _not_oneself(judge: int, it: Flagged, author: int) -> None:
    """Nobody decides of what they wrote or reported, where somebody else could. Raises Refused (409)."""
    concerned = it.author == author or await db.rows(CONCERNED, it.id, author)
    if concerned and [row for row in await db.rows(DECIDERS, judge) if row["customer"] != author]:
        raise Refused(_("You have written or reported it: a colleague decides."))


async def _sight(thread: KeptThread, it: Flagged, did: str, why: str, *, by: str) -> None:
    """Out of everybody's, or back into it."""
    hidden = it.did in OUT_OF_SIGHT
    if did in OUT_OF_SIGHT:
        await db.execute(HIDE, f"{lines.WITHDRAWN}{why}", it.id)
        await db.execute(GIST, "…", thread.id, it.id)
    elif hidden:
        await db.execute(SHOW, it.text, it.id)
        await db.execute(GIST, posting.gist(it.text, await _titles(it)), thread.id, it.id)
    if (did in OUT_OF_SIGHT) == hidden:
        return
    await searching.drop(it.id)
    text, titles = ("", []) if not hidden else (it.text, await _titles(it))
    await posting.findable(thread, it.id, it.side, it.name, titles, text)
    kind = "message_shown" if hidden else "message_withdrawn"
    about: dict[str, Any] = {"code": thread.code, "message": it.id, "why": why, "by": by}
    await events.record(kind, customer=thread.customer, merchant=thread.merchant, order=thread.order, **about)


async def _titles(it: Flagged) -> list[str]:
    return [row["title"] for row in await db.rows(TITLES, it.id)]


async def _blocks(thread: KeptThread, it: Flagged, did: str, why: str, reason: str, author: int, *, by: str) -> None:
    """Of who wrote it, between these two; lifted where it is decided otherwise."""
    if it.side != "shop" and "block" in (did, it.did):
        side = "seller" if it.side == "buyer" else "shop"
        await blocking.decided(thread, side, did == "block", author=author, reason=reason, by=by)


async def _tell(
    thread: KeptThread, it: Flagged, did: str, why: str, said: str, settled: Collection[db.Row]
) -> None:  # fmt: skip
    """Each person by an event of their own: who reported it what came of it, who wrote it why."""
    about: dict[str, Any] = {"thread": thread.code, "message": it.id, "did": did, "why": why}
    rows = [events.row("report_settled", customer=row["author"], side=row["side"], **about) for row in settled]
    if did != "leave" or it.did not in ("", "leave"):
        side = "buyer" if it.side == "buyer" else "seller"
        whom = {thread.customer} if side == "buyer" else await _desk(thread, it)
        rows += [events.row("writing_judged", customer=one, side=side, text=said, **about) for one in sorted(whom)]
    await events.record_all(rows)


async def _desk(thread: KeptThread, it: Flagged) -> set[int]:
    """Who wrote it, as far as they still work there, and who answers for that."""
    merchant = thread.merchant if it.side == "seller" else await flagging.judge_of(thread.merchant)
    rows = await db.rows("SELECT customer, role FROM members WHERE merchant = {}", merchant)
    return {row["customer"] for row in rows if row["role"] != "agent" or row["customer"] == it.author}
