"""Shopify's numbers as text.

A program that read the JSON with floating point has rounded numbers beyond 2^53 (820982911946154508 became
820982911946154500); the global id beside them is text and still tells the true one.
"""

from app.ingest.json_fields import Record


def identity(record: Record) -> str:
    """The digits of "gid://shopify/Order/820982911946154508", else the id as it is written."""
    digits = record.text("admin_graphql_api_id").rpartition("/")[2].partition("?")[0]
    return digits if digits.isdecimal() else record.required("id")


class LineNames:
    """The lines of an order by each of their ids, to find the line that a parcel or a refund names.

    Without an order at hand nothing can be looked up, and every name is taken as it is.
    """

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._rounded: dict[str, str] = {}

    def add(self, line: Record) -> str:
        """The id of a line of the order; a second line with it is refused."""
        name, rounded = identity(line), line.text("id")
        if name in self._names:
            line.refuse("id", f"“{name}” is on two lines")
        self._names.add(name)
        # two lines rounded to the same number: it then names neither
        self._rounded[rounded] = "" if rounded in self._rounded else name
        return name

    def find(self, name: str) -> str:
        """The line's id; nothing when the order has no such line."""
        return name if not self._names or name in self._names else self._rounded.get(name, "")
