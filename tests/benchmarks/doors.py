"""What it costs to come in, what being in adds to a request, and whether time tells who has an account."""

import itertools
import random
import time
from collections.abc import Iterator
from statistics import median
from urllib.parse import urlencode

from msgspec import Struct

from app.accounts.passwords import HASHER
from tests.benchmarks.client import Client, request
from tests.benchmarks.cpu import Meter
from tests.benchmarks.filling import PASSWORD, Cast
from tests.benchmarks.server import static_path

SIGN_INS, TIMED_PASSWORDS, TIMED_CODES, HASHES = 24, 60, 300, 12
ASKED = 2_000  # times each in every round, to see what a session adds
ROUNDS = 7
SMALL = 1_000  # bytes


class Doors(Struct):
    """CPU in µs: of a sign-in by password and of the hash alone; what a session adds to a request, and that to a small static
    answer. `passwords` and `codes`: how often a known address took longer than an unknown one, 0.5 when time tells nothing
    (the area under the ROC curve)."""

    sign_in: float
    hash: float
    added: float
    added_ratio: float
    passwords: float
    codes: float

    @property
    def ratio(self) -> float:
        return self.sign_in / self.hash


class Strangers:
    """Each request comes from a network of its own: how often a door may be tried is not measured here."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, path: str, **fields: str) -> bytes:
        self.count += 1
        network = f"10.{self.count >> 16 & 255}.{self.count >> 8 & 255}.{self.count & 255}"
        headers = f"X-Forwarded-For: {network}", "Content-Type: application/x-www-form-urlencoded"
        return request(path, *headers, method="POST", body=urlencode(fields).encode())


async def measured(client: Client, process: int, cast: Cast) -> Doors:
    """On a server with one process. The customers from the end of the list: nobody else plays them."""
    ask, known = Strangers(), iter(reversed(range(1_000, 5_000)))
    added, ratio = await _added(client, process, cast)
    return Doors(
        sign_in=await _sign_ins(client, process, ask, known),
        hash=_hashes(),
        added=added,
        added_ratio=ratio,
        passwords=await _told(client, ask, known, "/sign-in/password", TIMED_PASSWORDS),
        codes=await _told(client, ask, known, "/sign-in", TIMED_CODES),
    )


def _address(number: int) -> str:
    return f"customer-{number}@bench.example"


async def _sign_ins(client: Client, process: int, ask: Strangers, known: Iterator[int]) -> float:
    meter = Meter([process])
    for _ in range(SIGN_INS):
        answer = await client.one(ask("/sign-in/password", email=_address(next(known)), password=PASSWORD))
        if answer.status != 303:
            raise RuntimeError(f"nobody was signed in: {answer.status}")
    return meter.read([process]) / SIGN_INS * 1e6


def _hashes() -> float:
    kept, begun = HASHER.hash(PASSWORD), time.process_time()
    for _ in range(HASHES):
        HASHER.verify(kept, PASSWORD)
    return (time.process_time() - begun) / HASHES * 1e6


async def _added(client: Client, process: int, cast: Cast) -> tuple[float, float]:
    """To an answer without a page (`/` sends everybody on): in µs, and as a ratio to a static answer in the same round."""
    added, ratios = [], []
    for _ in range(ROUNDS):
        nobody = await _cost(client, process, request("/"))
        somebody = await _cost(client, process, request("/", cookie=cast.sessions[0]))
        added.append(somebody - nobody)
        ratios.append(added[-1] / await _cost(client, process, request(static_path(SMALL))))
    return median(added), median(ratios)


async def _cost(client: Client, process: int, asked: bytes) -> float:
    meter = Meter([process])
    run = await client.run(itertools.repeat(asked), 60, most=ASKED)
    return meter.read([process]) / run.answers * 1e6


async def _told(client: Client, ask: Strangers, known: Iterator[int], path: str, times: int) -> float:
    """Known and unknown addresses of one length in a random order, each asked about once."""
    chance = random.Random(path)
    names = [(True, _address(next(known))) for _ in range(times)]
    names += [(False, address.replace("bench", "gnome")) for _, address in names]
    chance.shuffle(names)
    took: dict[bool, list[float]] = {True: [], False: []}
    for is_known, address in names:
        sent = ask(path, email=address, password="not the password")
        begun = time.perf_counter()
        await client.one(sent)
        took[is_known].append(time.perf_counter() - begun)
    longer = sum(one > other for one in took[True] for other in took[False])
    return longer / times**2
