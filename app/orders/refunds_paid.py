"""What a merchant has given back in a month, whoever decided it: for its desk, and for whoever keeps its books."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from app import clock, db, reading
from app.i18n import Voice
from app.money import to_decimal
from app.payments.names import named
from app.spreadsheets import BYTE_ORDER_MARK, Cell, csv_text

MOST = 200  # on a page; the file has all
# Of what a source tells without a day no more is known than its order's: it stands in one month for good, and in no two.
PAID_AT = "COALESCE(r.sent_at, r.settled_at, r.at, o.placed_at)"
HEADER = (
    "paid_on", "order_number", "return", "customer", "amount", "bonus", "currency", "to", "last_four", "reference",
    "original_payment", "decided", "id",
)  # fmt: skip


class Paid(Struct, frozen=True, array_like=True):
    """`own`: decided here and paid by hand, so that its reference was typed; `kept`: it is to be spent here."""

    id: int
    amount: int
    bonus: int
    kind: str
    reference: str
    origin: str
    provider: str
    paid_at: datetime
    of_return: int | None
    balance: int | None
    external_id: str
    brand: str
    last_four: str
    original: str
    number: str
    currency: str
    customer_name: str
    customer_email: str

    @property
    def own(self) -> bool:
        return self.origin == "counter" and self.provider == "manual"


OTHERS = {
    "paid_at": PAID_AT, "brand": "COALESCE(p.brand, '')", "last_four": "COALESCE(p.last_four, b.last_four, '')",
    "original": "COALESCE(p.reference, '')", "number": "o.number", "currency": "o.currency",
    "customer_name": "o.customer_name", "customer_email": "o.customer_email",
}  # fmt: skip
COLUMNS = ", ".join(OTHERS.get(name, f'r."{name}"') for name in Paid.__struct_fields__)
FROM = f"""
FROM orders o JOIN refunds r ON r."order" = o.id LEFT JOIN payments p ON p.id = r.payment
  LEFT JOIN balances b ON b.id = r.balance
WHERE o.merchant = {{}} AND r.state = 'succeeded' AND {PAID_AT} >= {{}} AND {PAID_AT} < {{}}
"""
SUMS = f"""
SELECT o.currency, CASE WHEN r.balance IS NULL THEN 0 ELSE 1 END AS kept, SUM(r.amount + r.bonus) AS amount, count(*) AS n
{FROM} GROUP BY 1, 2 ORDER BY 1, 2
"""


class Sum(Struct, frozen=True):
    """`kept`: given as credit, not paid out."""

    kept: bool
    amount: str
    count: int


def month_of(text: str, zone: str) -> date:
    """Its first day; this month for what is none, and for none."""
    try:
        found = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
        return found if 1970 <= found.year <= 2200 else clock.today(zone).replace(day=1)
    except ValueError:
        return clock.today(zone).replace(day=1)


def after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


async def of_month(merchant: int, month: date, zone: str, most: int = MOST) -> list[Paid]:
    """The newest first."""
    args = (merchant, clock.start_of(month, zone), clock.start_of(after(month), zone), most)
    found = await reading.texts(COLUMNS, f"{FROM} ORDER BY {PAID_AT} DESC, r.id DESC LIMIT {{}}", *args, read=db.scan)
    return [reading.decoder(Paid)(text) for text in found]


async def sums(merchant: int, month: date, voice: Voice) -> list[Sum]:
    """Of each currency what was paid out, and what was given as credit: they are never added."""
    args = (merchant, clock.start_of(month, voice.zone), clock.start_of(after(month), voice.zone))
    rows = await db.scan(SUMS, *args)
    return [Sum(bool(row["kept"]), voice.money(int(row["amount"]), row["currency"]), row["n"]) for row in rows]


def where(it: Paid, voice: Voice) -> str:
    return named(it.kind, it.brand, it.last_four, voice)


def as_csv(found: Sequence[Paid], codes: dict[int, str], zone: str) -> bytes:
    """The columns' names are the same in every language; days are the zone's."""
    return BYTE_ORDER_MARK + csv_text([HEADER, *(_row(it, codes, zone) for it in found)])


def _row(it: Paid, codes: dict[int, str], zone: str) -> list[Cell]:
    amount, bonus = to_decimal(it.amount, it.currency), to_decimal(it.bonus, it.currency)
    return [
        f"{it.paid_at.astimezone(clock.zone(zone)):%Y-%m-%d}", it.number, codes.get(it.of_return or 0, ""),
        it.customer_name or it.customer_email, amount, bonus, it.currency, it.brand or it.kind, it.last_four, it.reference,
        it.original, "here" if it.origin == "counter" else "shop", it.external_id,
    ]  # fmt: skip
