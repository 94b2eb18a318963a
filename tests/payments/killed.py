"""A worker that dies at the worst moment: `python -m tests.payments.killed before|after`.

`after`: Stripe has made the refund and said so, and nothing of it is written down yet. `before`: it was not asked yet.
"""

import asyncio
import os
import signal
import sys

from app import db
from app.orders import refund_sending
from app.payments.asking import Answer, Due
from app.payments.stripe import Stripe

give_back = Stripe.give_back


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def and_die(self: Stripe, due: Due) -> Answer:
    if sys.argv[1] == "after":
        answer = await give_back(self, due)
        print(answer.outcome, answer.reference, flush=True)
    die()
    raise AssertionError


async def main() -> None:
    await db.open_pool()
    Stripe.give_back = and_die  # type: ignore[method-assign]
    await refund_sending.send_due()


if __name__ == "__main__":
    asyncio.run(main())
