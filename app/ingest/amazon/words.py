"""Amazon's words for payments, parcels, states and addresses, in ours."""

import re

from app.ingest.amazon.cells import Cells
from app.ingest.snapshot import Address, Payment, PaymentKind

CANCELLED = {"cancelled", "canceled"}
SENT = {"shipped", "delivered", "closed", "complete", "completed"}
CARDS = {"visa", "mastercard", "amex", "americanexpress", "discover", "maestro", "jcb", "dinersclub", "cartebleue"}
OTHER_KINDS: dict[str, PaymentKind] = {
    "gift": "gift_card", "gutschein": "gift_card", "chèque-cadeau": "gift_card", "paypal": "paypal",
    "sepa": "direct_debit", "lastschrift": "direct_debit", "bankeinzug": "direct_debit", "direct debit": "direct_debit",
    "bank account": "direct_debit", "rechnung": "invoice", "invoice": "invoice", "store card": "card",
}  # fmt: skip
LAST_FOUR = re.compile(r"(.*?)\s*-\s*(\d{4})")
IN_BRACKETS = re.compile(r"(.*?)\s*\(([^()]*)\)")  # UPS(1Z…), AMZN_US(TBA…)
AFTER_DASH = re.compile(r"(.*\S)\s+-\s+(\S+)")  # ヤマト運輸 - 4987…
NUMBER = re.compile(r"(?=.*\d)[A-Z0-9-]{8,40}")
STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP AA AE AP"
)
ZIP = re.compile(r"(\d{4,5})(-\d{4})?")


def states(cells: Cells) -> set[str]:
    """All an order row says of its order and its parcel, in small letters: {"closed", "shipped"}."""
    return {word.lower() for word in cells.texts("Order Status") + cells.texts("Shipment Status")}


def was_cancelled(cells: Cells, quantity: int) -> bool:
    """A row with quantity 0 is a cancelled one, even if it still states money."""
    said = states(cells)
    return quantity == 0 or bool(said & CANCELLED and not said & {"shipped", "delivered"})


def payments(rows: list[Cells], *columns: str) -> list[Payment]:
    """“Visa - 2512 and Gift Certificate/Card” is two; what each of them paid is not told."""
    return [_payment(name) for name in dict.fromkeys(text for cells in rows for text in cells.texts(*columns))]


def _payment(text: str) -> Payment:
    found = LAST_FOUR.fullmatch(text)
    brand, last_four = (found[1], found[2]) if found else (text, "")
    word = brand.lower()
    for part, kind in OTHER_KINDS.items():
        if part in word:
            return Payment(kind=kind, brand="" if kind == "gift_card" else brand, last_four=last_four)
    is_card = last_four or word.replace(" ", "").replace("-", "") in CARDS
    return Payment(kind="card" if is_card else "other", brand=brand, last_four=last_four)


def carriers(text: str) -> list[tuple[str, str]]:
    """Carrier and tracking number of each parcel: [("UPS", "1Z…")]. The carrier keeps the source's name."""
    return [_carrier(part.strip()) for part in text.replace(") and ", ")\n").split("\n") if part.strip()]


def _carrier(text: str) -> tuple[str, str]:
    if found := IN_BRACKETS.fullmatch(text) or AFTER_DASH.fullmatch(text):
        return found[1].strip(), found[2].strip()
    return ("", text) if NUMBER.fullmatch(text) else (text, "")


def written_address(text: str) -> Address | None:
    """The privacy export writes an address in one line: it stays as it is."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Address(lines=lines) if lines else None


def fields_address(cells: Cells) -> Address | None:
    """The old report's columns. A ZIP code that lost its leading zero gets it back in its field, not in `lines`."""
    name, one, two, city, state, zipped = (
        cells.text(f"Shipping Address {part}") for part in ("Name", "Street 1", "Street 2", "City", "State", "Zip")
    )
    place = " ".join(part for part in (f"{city}," if city and state else city, state, zipped) if part)
    lines = [line for line in (name, one, two, place) if line]
    if not lines:
        return None
    found = ZIP.fullmatch(zipped) if state.upper() in STATES.split() else None
    code = found[1].rjust(5, "0") + (found[2] or "") if found else zipped
    street = "\n".join(part for part in (one, two) if part)
    return Address(
        lines=lines, name=name, street=street, postal_code=code, city=city, region=state, country="US" if found else ""
    )
