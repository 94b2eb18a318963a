"""Which of Shopify's two currencies an order is kept in, and how its amounts are read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from app.ingest.json_fields import Record, Unreadable

T = TypeVar("T")


class NotStated(Unreadable):
    """An amount is given in the other currency only."""


@dataclass(frozen=True, slots=True)
class Purse:
    """Reads amounts in `currency`. Beside "price" stands "price_set" with the shop's and the customer's money."""

    currency: str
    side: str = "shop_money"
    prices_include_tax: bool = False

    def amount(self, record: Record, key: str) -> int:
        """Minor units; 0 when it is not stated at all."""
        if self.side == "shop_money" and record.has(key):
            return record.amount(key, self.currency)
        money = record.part(f"{key}_set").part(self.side)
        if not money.has("amount"):
            return self._nothing(record, key)
        if money.first("currency_code", "currency").upper() != self.currency:
            raise NotStated(f"{money.path}: not in {self.currency}")
        return money.amount("amount", self.currency)

    def total(self, record: Record, lists: str, key: str) -> int:
        """The sum of an amount over a list: of "price" over "tax_lines"."""
        return sum(self.amount(each, key) for each in record.each(lists))

    def _nothing(self, record: Record, key: str) -> int:
        """No amount, or one that is zero in any currency."""
        if record.has(key) and record.amount(key, self.currency):
            raise NotStated(f"{record.path or 'the order'}: {key} is not stated in {self.currency}")
        return 0


def in_one_currency(record: Record, read: Callable[[Purse], T]) -> T:
    """What was paid in: the customer's currency, if every amount is stated in it, else the shop's."""
    shop, taxed = record.currency("currency"), record.flag("taxes_included")
    money = record.part("total_price_set").part("presentment_money")
    seen = money.currency("currency_code") if money.has("currency_code") else shop
    if seen != shop and record.text("presentment_currency").upper() in ("", seen):
        try:
            return read(Purse(seen, "presentment_money", taxed))
        except NotStated:
            pass
    return read(Purse(shop, "shop_money", taxed))
