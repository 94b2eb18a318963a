"""`python -m app bounce`: a mail server's report of a mail that it could not bring, as it comes into the sender's mailbox."""

import asyncio
import sys
from argparse import Namespace

from app.commands import database
from app.commands.stop import Stop
from app.mail import reports
from app.mail.reports import Report
from app.notifications import bounces

TOLD = {
    "closed": "the mailbox is closed: nothing more is sent there until its owner tries it",
    "not delivered": "not delivered; the mailbox stays open",
    "may still arrive": "it may still arrive: nothing was changed",
    "not ours": "no notice of ours, or to another address: nothing was changed",
}


def run(_options: Namespace) -> int:
    """A line for each recipient. Whatever can be read is done with: a mail server would send the report back otherwise."""
    found = reports.read(sys.stdin.buffer.read(reports.LARGEST))
    if not found:
        raise Stop("that is no report of a mail server about a mail (RFC 3464)", 1)
    for result in asyncio.run(_taken(found)):
        print(TOLD[result])
    return 0


async def _taken(found: list[Report]) -> list[bounces.Result]:
    async with database.opened():
        return [await bounces.returned(report) for report in found]
