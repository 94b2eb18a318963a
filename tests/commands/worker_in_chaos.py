"""A worker whose two ways out fail at random: `python -m tests.commands.worker_in_chaos FILE FAULTS`.

It is loaded once and forked for each line “start” on standard input, before anything is opened; each says “at work” with its
number, and is killed by “kill NUMBER”, which is answered when it is dead. All end with their input.

What reaches a sink is a line of FILE: the way and the message id. FAULTS is how often out of 100 it fails; half of these after
the line was written, as a server does whose answer is lost.
"""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Collection
from datetime import timedelta

from app import db, worker
from app.events import unnoticed
from app.notifications import sender, sending, ways
from app.notifications.channels import Due, NotNow, Person

sending.LEASE = timedelta(seconds=2)
sending.FIRST_WAIT, sending.LONGEST_WAIT = timedelta(milliseconds=50), timedelta(milliseconds=200)
sending.MOST_ATTEMPTS = 10_000
unnoticed.FIRST_WAIT = timedelta(milliseconds=50)
sender.DUE_EVERY, worker.AFTER_A_FAULT = 0.05, 0.1


class Sink:
    def __init__(self, way: str, file: int, faults: int) -> None:
        self.way, self.file, self.faults = way, file, faults

    async def targets(self, persons: Collection[Person]) -> dict[int, list[str]]:
        return {person.id: [""] for person in persons}

    async def send(self, due: Due) -> None:
        await asyncio.sleep(random.uniform(0, 0.02))
        if random.randrange(200) < self.faults:
            raise NotNow("busy")
        os.write(self.file, f"{self.way} {due.message_id}\n".encode())
        if random.randrange(200) < self.faults:
            raise ConnectionResetError("the answer is lost")


async def main(path: str, faults: int) -> None:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for way in ("email", "push"):
        ways.CHANNELS[way] = Sink(way, file, faults)
    await db.open_pool()
    async with worker.Worker():
        print(f"at work {os.getpid()}", flush=True)
        await asyncio.Event().wait()


def nursery(path: str, faults: int) -> None:
    alive: set[int] = set()
    for line in sys.stdin:
        word, _space, number = line.partition(" ")
        if word.strip() == "start":
            if (pid := os.fork()) == 0:
                asyncio.run(main(path, faults))
            alive.add(pid)
        else:
            end(int(number))
            alive.remove(int(number))
            print("dead", flush=True)
    for pid in alive:
        end(pid)


def end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    nursery(sys.argv[1], int(sys.argv[2]))
