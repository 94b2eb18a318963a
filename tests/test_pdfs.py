"""PDFs of strangers: those that are only read are taken; whatever else they hold is found, packed or spelled out."""

import contextlib
import io
import time
import zlib

import pytest
from PIL import Image

from app import pdfs
from tests.papers import packed, paper

pytestmark = pytest.mark.without_database
JUMP = b"5 0 <</S/JavaScript/JS(app.alert(1))>>"


@pytest.mark.parametrize(
    "body",
    [
        paper(),
        paper(more=packed(b"5 0 <</Type/Font>>")),
        paper(b"/OpenAction[3 0 R/Fit]"),
        paper(more=packed(b"5 0 <</Type/Font>>", filters=b" [ /FlateDecode ]")),
        paper(more=b"4 0 obj % what it is for\n<</Title(a \\) (b) objet)/ID<0a>>> endobj\n"),
    ],
)
def test_a_paper_that_is_only_read_is_taken(body: bytes) -> None:
    pdfs.check(body)


@pytest.mark.parametrize(
    "body",
    [
        paper(b"/OpenAction<</S/JavaScript/JS(1)>>"),
        paper(b"/OpenAction<</S/J#61vaScript/J#53(1)>>"),
        paper(b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
        paper(b"/Names<</EmbeddedFiles 4 0 R>>"),
        paper(b"/AcroForm<</XFA 4 0 R>>"),
        paper(b"/AA<</O 4 0 R>>"),
        paper(more=packed(JUMP)),
        paper(more=packed(JUMP, filters=b"", body=JUMP)),
        paper(more=b"% stream\n" + packed(JUMP)),
        paper(more=packed(JUMP, filters=b"/FlateDecode/Note( obj )")),
        paper(more=packed(JUMP, filters=b"/FlateDecode/Note(\\)<<( 1 0 obj )>>)")),
        paper(more=packed(JUMP, filters=b"[/Fl]/Note<28>% ( obj <<\n")),
        paper(more=packed(JUMP).replace(b"/Type/ObjStm", b"/Type 7 0 R")),
        paper(more=packed(JUMP).replace(b"9 0 obj", b"9 0 obj%<<(\n")),
        paper(more=b"% stream\n4 0 obj <</S/JavaScript/JS(1)>> endobj % endstream\n"),
    ],
)
def test_a_paper_that_does_something_is_found(body: bytes) -> None:
    with pytest.raises(pdfs.Acts):
        pdfs.check(body)


def test_a_locked_paper_is_named_so() -> None:
    with pytest.raises(pdfs.Locked):
        pdfs.check(paper(trailer=b"/Encrypt 7 0 R"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"%PDF-",
        b"%PDF-1.7\nno end",
        b"\n" + paper(),
        paper() + b"<script>alert(1)</script>",
        paper() + b"PK\x05\x06" + bytes(18),
        paper().replace(b"startxref", b"PK\x05\x06" + bytes(18) + b"\nstartxref"),
        paper(more=b"4 0 obj\n<<>>\nstream\nno end"),
        paper(more=packed(b"", filters=b"/LZWDecode", body=b"\x80\x0b")),
        paper(more=packed(b"", body=b"not packed")),
        paper(more=packed(b"", body=zlib.compress(zlib.compress(JUMP)), filters=b"[/FlateDecode /FlateDecode]")),
        paper(more=packed(JUMP, filters=b" 7 0 R") + b"7 0 obj /FlateDecode endobj\n"),
        paper(more=packed(JUMP, filters=b" 7 0 R/Note(/Filter/FlateDecode)")),
        paper(more=packed(JUMP, filters=b"/FlateDecode/DecodeParms<</Predictor 12/Columns 5>>")),
        paper(more=packed(JUMP, filters=b"/FlateDecode/Fi#6cter 7 0 R")),
        paper(more=packed(JUMP).replace(b">>\nstream\n", b">>\nstream\r")),
        paper(more=packed(JUMP)[:60] + b"\nendstream endobj\n"),
        paper(more=b"4 0 obj <</Note(9 0 obj <<)>> endobj\n"),
        paper(more=b"4 0 obj <</Note(never closed>> endobj\n"),
        paper(more=packed(bytes(40_000_000))),
    ],
)
def test_what_cannot_be_looked_into_is_refused(body: bytes) -> None:
    with pytest.raises(pdfs.Unreadable):
        pdfs.check(body)


@pytest.mark.parametrize(
    "piece", [b"stream\n", b"obj ", b"/ObjStm stream\n", b"/a#41", b"stream\nendstream ", b"obj%", b"obj<<(", b"obj<</First>>%"]
)
def test_no_paper_keeps_us_long(piece: bytes) -> None:
    body = paper(more=piece * (600_000 // len(piece)))
    before = time.process_time()
    with contextlib.suppress(pdfs.Unreadable):
        pdfs.check(body)
    assert time.process_time() - before < 3


def test_a_scanned_page_is_taken() -> None:
    made = io.BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(made, "PDF", quality=95)
    pdfs.check(made.getvalue())
