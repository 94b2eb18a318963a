"""`python -m app mail-in`: one mail from standard input, as a mail server hands it to a program.

It ends as sysexits.h has it, so that the mail server knows what to do: nothing, send it back to who wrote it, or come again.
"""

import asyncio
import logging
import sys
from argparse import Namespace

from app.commands import database
from app.commands.stop import Stop
from app.inbox import mail_outcomes, mail_taking, masked
from app.inbox.mail_in.reading import LARGEST
from app.inbox.mail_outcomes import Outcome

DONE, DATA, NO_USER, AGAIN = 0, 65, 67, 75  # EX_OK, EX_DATAERR, EX_NOUSER, EX_TEMPFAIL
CODES = {"no_thread": NO_USER}


def run(options: Namespace) -> int:
    """Whoever has been told by a mail of ours is not sent theirs back as well."""
    if not masked.on():
        raise Stop("no mails are taken here: COMPTOIR_MAIL_IN is not set", AGAIN)
    try:
        outcome = asyncio.run(_taken(_read(), options))
    except Stop as stop:
        raise Stop(str(stop), AGAIN) from stop
    except Exception as error:  # whatever it is, the mail is not lost: it comes again
        logging.getLogger(__name__).exception("a mail could not be taken in")
        raise Stop(f"{type(error).__name__}: {error}", AGAIN) from error
    if outcome.state == "later":
        raise Stop(mail_outcomes.SAID[outcome.reason], AGAIN)
    if outcome.state == "refused" and not outcome.told:
        raise Stop(mail_outcomes.SAID[outcome.reason], CODES.get(outcome.reason, DATA))
    print(f"{outcome.state}{f' ({outcome.reason})' if outcome.reason else ''}")
    return DONE


def _read() -> bytes:
    """All of it, though no more than is kept: a mail server would take a closed pipe for a fault."""
    raw = sys.stdin.buffer.read(LARGEST + 1)
    while sys.stdin.buffer.read(1024 * 1024):
        pass
    return raw


async def _taken(raw: bytes, options: Namespace) -> Outcome:
    async with database.opened():
        return await mail_taking.take(raw, options.recipients, options.sender)
