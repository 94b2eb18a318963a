"""Photos of what is sent back, and the signed papers of returns: private files beside the database."""

from app import shelves
from app.shelves import ACCEPT, EVERY, LARGEST_BODY, LEFT_ALONE, MOST_BYTES, MOST_FILES, NAME, NewFile, Shelf

SHELF = Shelf(
    "returns",
    """
    SELECT name FROM return_files UNION ALL SELECT receipt AS name FROM returns WHERE receipt <> ''
    UNION ALL SELECT file AS name FROM return_labels WHERE file <> ''
    """,
)
folder, read, keep, keep_paper, drop, forget = (
    SHELF.folder, SHELF.read, SHELF.keep, SHELF.keep_paper, SHELF.drop, SHELF.forget,
)  # fmt: skip
cleaned = shelves.cleaned
__all__ = (
    "ACCEPT", "EVERY", "LARGEST_BODY", "LEFT_ALONE", "MOST_BYTES", "MOST_FILES", "NAME", "NewFile", "cleaned", "drop",
    "folder", "forget", "keep", "keep_paper", "read",
)  # fmt: skip
