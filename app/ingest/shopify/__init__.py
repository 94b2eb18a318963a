"""Shopify: JSON (orders, fulfilments, refunds, as the API answers or a webhook tells) and orders_export.csv."""

from collections.abc import Iterator
from pathlib import Path

from app.ingest.json_records import is_json
from app.ingest.reading import Reading
from app.ingest.shopify.csv import read_csv
from app.ingest.shopify.json import read_json
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected


def read(paths: list[Path], reading: Reading) -> Iterator[OrderSnapshot | Amendment | Rejected]:
    """JSON files first, each as it is; then all CSV files together, where one may continue or repeat another."""
    tables = [path for path in paths if not is_json(path)]
    for path in paths:
        if path not in tables:
            yield from read_json(path, reading)
    if tables:
        yield from read_csv(tables, reading)
