"""Shopify's orders_export.csv: a row for each line; what concerns the whole order stands on the order's first row only.

An order's external id is its "Id". Exports without that column have only the "Name" (#1001), which two shops of one
merchant both give: there the id is the name with the time it was placed, which no later export changes.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from app.ingest.grouping import attempted, grouped, nameless
from app.ingest.json_fields import Record, Unreadable
from app.ingest.reading import Reading
from app.ingest.rows import Row, csv_rows, header
from app.ingest.shopify.csv_order import order
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected

Block = list[Row]  # a row that tells of an order, and the rows that only add lines to it
OF_A_LINE = ("Lineitem ", "Vendor")
NEEDED = ("Name", "Created at", "Currency", "Total", "Lineitem name")
OF_THE_ORDER = ("Created at", "Email", "Id", "Currency", "Total")


def read_csv(paths: list[Path], reading: Reading) -> Iterator[OrderSnapshot | Amendment | Rejected]:
    foreign = {path: missing for path in paths if (missing := _missing(path))}
    for path, columns in foreign.items():
        yield Rejected(reason=f"this is no orders_export.csv: it lacks {', '.join(columns)}", file=path.name)
    rows = chain.from_iterable(csv_rows(path, reading) for path in paths if path not in foreign)
    for _, named_alike in grouped(rows, lambda row: _cell(row, "Name") or nameless(row)):
        by_order: dict[str, list[Block]] = {}
        for block in _blocks(named_alike):
            by_order.setdefault(_external_id(block[0], reading), []).append(block)
        for external_id, blocks in by_order.items():
            latest, dropped = _latest(blocks)
            yield from dropped
            yield from attempted(external_id, latest, lambda key, kept: order(key, kept, reading))


def _missing(path: Path) -> list[str]:
    """Columns without which nothing can be made of the file; an empty file lacks none."""
    names = header(path)
    return [column for column in NEEDED if column not in names] if names else []


def _cell(row: Row, column: str) -> str:
    return row.values.get(column, "").strip()


def _blocks(rows: list[Row]) -> list[Block]:
    """Lines that a re-sorted file has before their order's first row join the first order of that name."""
    blocks: list[Block] = []
    for row in rows:
        if blocks and not _begins(row, blocks[-1][0]):
            blocks[-1].append(row)
        else:
            blocks.append([row])
    if len(blocks) > 1 and not any(_cell(blocks[0][0], column) for column in OF_THE_ORDER):
        strays = blocks.pop(0)
        blocks[0][1:1] = strays
    return blocks


def _begins(row: Row, head: Row) -> bool:
    """A time of its own, or another e-mail, number or total than before: never added to a stranger's order."""
    if _cell(row, "Created at"):
        return True
    return any((said := _cell(row, column)) and said != _cell(head, column) for column in OF_THE_ORDER)


def _external_id(head: Row, reading: Reading) -> str:
    if id_ := _cell(head, "Id"):
        return id_
    if not _cell(head, "Name"):
        return nameless(head)
    try:
        placed_at = Record(dict(head.values)).time("Created at", reading.zone)
    except Unreadable:
        placed_at = None  # the order will be refused for it
    return f"{_cell(head, 'Name')} {placed_at:%Y-%m-%dT%H:%M:%SZ}" if placed_at else _cell(head, "Name")


def _latest(blocks: list[Block]) -> tuple[list[Row], list[Rejected]]:
    """The rows of the order's last state, each once; and the others, as outdated or repeated.

    Files that overlap tell an order twice. Files that fill in the order's columns on every row have it in many blocks.
    """
    states: dict[tuple[tuple[str, str], ...], list[Block]] = {}
    for block in blocks:
        states.setdefault(_state(block[0]), []).append(block)
    *outdated, current = states.values()
    head = current[0][0]
    dropped = [_dropped(row, head, "an earlier state of") for state in outdated for row in chain(*state)]
    kept: list[Block] = []
    for block in current:
        twin = next((place for place, other in enumerate(kept) if _same(block, other)), None)
        if twin is None:
            kept.append(block)
        else:
            kept[twin], repeated = sorted((kept[twin], block), key=len, reverse=True)
            dropped += [_dropped(row, head, "repeats") for row in repeated]
    return list(chain(*kept)), dropped


def _same(one: Block, other: Block) -> bool:
    """Whether the shorter is how the longer begins."""
    return all(mine.values == yours.values for mine, yours in zip(one, other, strict=False))


def _state(head: Row) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in head.values.items() if not name.startswith(OF_A_LINE))


def _dropped(row: Row, kept: Row, how: str) -> Rejected:
    where = f"line {kept.line}" + (f" of {kept.file}" if kept.file != row.file else "")
    return Rejected(reason=f"{how} the order at {where}", line=row.line, file=row.file)
