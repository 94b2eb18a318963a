"""What an importer is told before it reads, and what it reports while it reads."""

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Reading:
    """`merchant` is a slug; `customer` an e-mail for sources that name none; `zone` an IANA name for times without one.

    `rows` counts the data rows (CSV) or records (JSON) read so far; `done_bytes` of `total_bytes` drives the progress bar.
    """

    merchant: str = ""
    customer: str = ""
    zone: str = "UTC"
    mapping: Path | None = None
    rows: int = 0
    done_bytes: int = 0
    total_bytes: int = 0
