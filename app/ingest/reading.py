"""What an importer is told before it reads, and what it reports while it reads."""

from dataclasses import dataclass, field
from pathlib import Path

from app.merchants.actions import Particulars


@dataclass
class Reading:
    """`merchant` is a slug; `customer` an e-mail for sources that name none; `zone` an IANA name for times without one.

    `rows` counts the data rows (CSV) or records (JSON) read so far; `done_bytes` of `total_bytes` drives the progress bar.
    What a file says beside its orders: of `merchants`, by slug, and which orders (slug, external id) are `archived`.
    """

    merchant: str = ""
    customer: str = ""
    zone: str = "UTC"
    mapping: Path | None = None
    rows: int = 0
    done_bytes: int = 0
    total_bytes: int = 0
    merchants: dict[str, Particulars] = field(default_factory=dict)
    archived: set[tuple[str, str]] = field(default_factory=set)
