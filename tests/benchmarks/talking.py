"""As many messages as there are orders, five to a thread about one of them, loaded past the verbs."""

import random
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.inbox.words import for_customer, for_desk, term, words
from tests.benchmarks.copies import Copies

EACH = 5  # messages in a thread
TALKATIVE = range(2, 32)  # customers who write about each of their orders: with a full page of threads in a small shop, too
ANSWERED = timedelta(hours=7)
# What people write about orders, and words of all kinds between them: a shop's inbox is no list of one sentence.
SENTENCES = (
    "Hello, the lid of my teapot came with a chip, can I have another one?",
    "Bonjour, ma théière est arrivée fêlée, pouvez-vous en renvoyer une ?",
    "Thank you for your message: we are looking into it and answer tomorrow.",
    "Merci, nous l’avons transmis à l’atelier et revenons vers vous très vite.",
    "Where is my parcel? The carrier says that it left on Tuesday.",
    "Le colis est parti mardi, il devrait arriver avant la fin de la semaine.",
)
SYLLABLES = ("ba", "ri", "lo", "mé", "ta", "ku", "ven", "sol", "dra", "pi", "no", "che")
THREADS = (
    "id", "code", "kind", "customer", "merchant", "order", "subject", "titles", "pictures", "order_number", "last_text",
    "last_side", "last_name", "last_at", "last_message", "unread", "marked", "archived", "waiting_on", "due_at", "revision",
    "seen", "muted", "kept", "message_count", "waiting_since", "first_reply_at", "desk_seen", "created_at",
)  # fmt: skip
MESSAGES = ("id", "thread", "side", "author", "name", "text", "via", "event", "at")
Rows = list[tuple[Any, ...]]


class Begun(Struct):
    """A thread that is being written: of whom, with whom, about what; `texts` so far."""

    customer: int
    merchant: int
    order: int
    address: str
    at: datetime
    texts: list[str]


class Talked:
    """Rows to be loaded and cleared; `codes` by customer, `desk` those that wait for the first shop."""

    def __init__(self, chance: random.Random, shop: int) -> None:
        self.chance, self.shop = chance, shop
        self.threads: Rows = []
        self.messages: Rows = []
        self.words: list[tuple[int, list[str]]] = []
        self.codes: dict[int, list[str]] = {}
        self.desk: list[str] = []
        self.last_thread = self.last_message = 0
        self.vocabulary = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(4_000)]

    def add(self, copies: Copies, customer: int, merchant: int, placed: datetime, address: str) -> None:
        """About every fifth order, the one that was copied last; about each of the talkative's."""
        if (order := copies.last["orders"]) % EACH == 0 or customer in TALKATIVE:
            self._thread(Begun(customer, merchant, order, address, placed + timedelta(days=2), []))

    def _thread(self, it: Begun) -> None:
        self.last_thread += 1
        code, side = f"T-{self.last_thread:08}", "buyer"
        waits = self.chance.random() < 0.02  # the last word is the customer's: nearly all of them have had their answer
        for n in range(EACH):
            side = "seller" if n % 2 != waits else "buyer"
            self._message(it, side, n)
        first, turn = it.at + ANSWERED, "seller" if waits else "buyer"
        last = it.at + ANSWERED * (EACH - 1)
        self.threads.append((
            self.last_thread, code, "order", it.customer, it.merchant, it.order, "", "Teapot “Brume”", "[]", it.address,
            it.texts[-1][:80], side, "Camille Morel", last, self.last_message, 0, False, False, turn,
            last + timedelta(days=2) if waits else None, 1, self.last_message, False, False, EACH,
            last if waits else None, first, self.last_message, it.at,
        ))  # fmt: skip
        self.codes.setdefault(it.customer, []).append(code)
        if waits and it.merchant == self.shop:
            self.desk.append(code)

    def _message(self, it: Begun, side: str, place: int) -> None:
        self.last_message += 1
        text = f"{self.chance.choice(SENTENCES)} {' '.join(self.chance.choices(self.vocabulary, k=8))}."
        it.texts.append(text)
        self.messages.append(
            (self.last_message, self.last_thread, side, None, "Camille Morel", text, "app", "", it.at + ANSWERED * place)
        )
        readers = for_customer(it.customer), for_desk(it.merchant)
        found = words(f"{it.address}\nCamille Morel\n{text}\nTeapot “Brume”")
        self.words.append((self.last_message, [term(reader, word) for word in found for reader in readers]))

    async def load(self, loading: Any) -> None:
        for table, columns, rows in (("threads", THREADS, self.threads), ("messages", MESSAGES, self.messages)):
            await loading.load(table, columns, rows)
            rows.clear()
        await loading.load_words(self.words)
        self.words.clear()
