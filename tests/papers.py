"""Small PDFs, as somebody may send them."""

import zlib

from app.inbox.files import SHELF
from app.shelves import NewFile

TREE = b"1 0 obj\n<</Type/Catalog/Pages 2 0 R%s>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"


def paper(catalogue: bytes = b"", more: bytes = b"", trailer: bytes = b"") -> bytes:
    return b"%PDF-1.7\n" + TREE % catalogue + more + b"trailer\n<</Root 1 0 R" + trailer + b">>\nstartxref\n9\n%%EOF\n"


def packed(objects: bytes, filters: bytes = b"/FlateDecode", body: bytes | None = None) -> bytes:
    made = zlib.compress(objects) if body is None else body
    return b"9 0 obj\n<</Type/ObjStm/N 1/First 4/Filter%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        filters,
        len(made),
        made,
    )


async def sent_file() -> NewFile:
    return NewFile(name=await SHELF.keep_paper(paper()), title="a.pdf", media_type="application/pdf", size=len(paper()))
