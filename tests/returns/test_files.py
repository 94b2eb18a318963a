"""Photos that strangers send: made anew, or refused with a reason; kept where nobody but the app finds them."""

import io
import os
import random
import stat
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar, Request, Response, post
from PIL import Image, ImageDraw

from app import i18n, pictures_anew, shelves
from app.errors import Invalid, Missing
from app.returns import files
from app.returns.tables import Return, ReturnFile
from app.web import private, uploads
from tests import builders
from tests.merchants.logo_files import saved


def photo(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **about: Any) -> bytes:
    picture = Image.new("RGB", size, (180, 40, 40))
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=(10, 10, 200))
    return saved(picture, kind, **about)


async def several(*given: tuple[str, bytes]) -> AsyncIterator[tuple[str, bytes]]:
    for one in given:
        yield one


async def keep(body: bytes, called: str = "photo.jpg") -> files.NewFile:
    (kept,) = await files.keep(several((called, body)))
    return kept


async def refusal(body: bytes, called: str = "photo.jpg") -> str:
    with pytest.raises(Invalid) as refused:
        await keep(body, called)
    assert _there() == []
    return refused.value.fields["photos"]


def _there() -> list[str]:
    return sorted(path.name for path in files.folder().glob("*"))


def opened(kept: files.NewFile) -> Image.Image:
    return Image.open(io.BytesIO(files.read(kept.name)[0]))


def placed() -> Image.Exif:
    """Where and when it was taken, by what, and lying on its side."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0110], exif[0x0112] = "taken at home", "Phone of Alice", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (45.0, 45.0, 36.0), 3: "E", 4: (4.0, 50.0, 24.0)})
    return exif


@pytest.mark.without_database
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_photo_is_kept_as_a_small_webp_that_only_its_owner_can_read(kind: str) -> None:
    kept = await keep(photo(kind, (4000, 3000)), f"photo.{kind.lower()}")
    picture = opened(kept)
    assert (picture.format, picture.size) == ("WEBP", (2000, 1500))
    body, media_type = files.read(kept.name)
    assert (media_type, len(body)) == ("image/webp", kept.size) == (kept.media_type, kept.size)
    assert stat.S_IMODE((files.folder() / kept.name).stat().st_mode) == 0o600
    assert stat.S_IMODE(files.folder().stat().st_mode) == 0o700


@pytest.mark.without_database
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_nothing_stays_in_it_of_where_it_was_taken_and_it_stands_upright(kind: str) -> None:
    sent = photo(kind, exif=placed(), icc_profile=b"profile of a place", xmp=b"<x>taken at home</x>", comment=b"at home")
    assert b"home" in sent
    kept = await keep(sent)
    picture, body = opened(kept), files.read(kept.name)[0]
    assert picture.size == (48, 64)
    assert dict(picture.getexif()) == {}
    assert {"exif", "xmp", "icc_profile"} & picture.info.keys() == set()
    assert [mark for mark in (b"home", b"Alice", b"EXIF", b"XMP ", b"ICCP", b"place") if mark in body] == []


@pytest.mark.without_database
async def test_what_is_seen_is_still_seen() -> None:
    red, blue = opened(await keep(photo())).convert("RGB").getpixel((60, 40)), (180, 40, 40)
    assert max(abs(one - other) for one, other in zip(red, blue, strict=True)) < 12  # type: ignore[arg-type]


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("run.exe", b"MZ evil")
    return made.getvalue()


@pytest.mark.without_database
@pytest.mark.parametrize(
    "tail", [archive(), b"<script>alert(1)</script>", b"%PDF-1.7\n/JavaScript", b"<?php evil ?>", photo("PNG")]
)
async def test_a_second_file_behind_or_inside_the_picture_is_gone(tail: bytes) -> None:
    sent = saved(Image.new("RGB", (40, 40)), "JPEG", comment=tail[:4000]) + tail
    body, _media_type = files.read((await keep(sent)).name)
    assert [mark for mark in (b"MZ", b"PK", b"script", b"%PDF", b"php", b"PNG") if mark in body] == []
    assert body[:4] == b"RIFF"
    assert struct.unpack("<I", body[4:8])[0] + 8 == len(body), "there is nothing behind it"


@pytest.mark.without_database
async def test_of_what_moves_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ((200, 0, 0), (0, 200, 0), (0, 0, 200))]
    for kind in ("PNG", "WEBP"):
        moving = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        assert getattr(Image.open(io.BytesIO(moving)), "n_frames", 1) == 3
        picture = opened(await keep(moving))
        assert getattr(picture, "n_frames", 1) == 1
        assert picture.convert("RGB").getpixel((20, 20))[0] > 150  # type: ignore[index]


@pytest.mark.without_database
async def test_two_pictures_in_one_as_telephones_make_them_are_the_first_of_them() -> None:
    both = saved(Image.new("RGB", (50, 40), (200, 0, 0)), "MPO", save_all=True, append_images=[Image.new("RGB", (9, 9))])
    assert opened(await keep(both)).size == (50, 40)


@pytest.mark.without_database
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
async def test_every_kind_of_png_is_taken(mode: str) -> None:
    assert opened(await keep(saved(Image.new(mode, (30, 20)), "PNG"))).size == (30, 20)


@pytest.mark.without_database
async def test_a_picture_for_print_is_taken() -> None:
    assert opened(await keep(saved(Image.new("CMYK", (30, 20)), "JPEG"))).mode == "RGB"


NO_PICTURE = "This is not a picture that can be read: JPEG, PNG or WebP, at most 10 MB."
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.mark.without_database
@pytest.mark.parametrize(
    ("body", "called"),
    [
        (b"", "empty.jpg"), (b"\x00", "nul.png"), (SVG, "drawing.svg"), (SVG, "drawing.png"),
        (b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>", "letter.pdf"), (b"%PDF-1.7", "letter.jpg"),
        (photo("GIF"), "moving.gif"), (photo("GIF"), "moving.jpg"), (photo("BMP"), "old.bmp"), (photo("TIFF"), "scan.tiff"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "IMG_1.HEIC"), (b"MZ" + bytes(500), "photo.jpg"),
        (archive(), "photos.zip"), (b"<!doctype html><script>", "page.html"), (b"%!PS-Adobe-3.0 EPSF-3.0\n", "print.eps"),
        (photo()[:300], "cut.jpg"), (photo("PNG")[:120], "cut.png"), (photo("WEBP")[:60], "cut.webp"),
        (b"\xff\xd8\xff\xe0" + bytes(3000), "head only.jpg"),
    ],
)  # fmt: skip
async def test_what_is_no_picture_is_refused_with_its_name_and_what_would_do(body: bytes, called: str) -> None:
    assert await refusal(body, called) == f"{called}: {NO_PICTURE}"


@pytest.mark.without_database
async def test_the_refusal_is_in_the_persons_language() -> None:
    i18n.current.set(i18n.Voice("fr"))
    assert await refusal(SVG, "dessin.svg") == "dessin.svg: Ce n’est pas une image lisible : JPEG, PNG ou WebP, 10 Mo au plus."


@pytest.mark.without_database
async def test_the_extension_says_nothing() -> None:
    """What is in it counts: a PNG called page.html is a PNG."""
    kept = await keep(photo("PNG"), "page.html")
    assert (kept.title, kept.media_type, kept.name[-5:]) == ("page.html", "image/webp", ".webp")


@pytest.mark.without_database
async def test_a_file_of_more_than_ten_megabytes_is_refused_before_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures_anew, "webp", None)
    assert await refusal(photo() + bytes(files.MOST_BYTES)) == "photo.jpg: The file is too large: at most 10 MB."


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it is that large, and is, as far as anybody reads."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.without_database
@pytest.mark.parametrize("size", [(6400, 6400), (9000, 9000), (10_000, 10_000), (60_000, 60_000), (2_000_000_000, 2)])
async def test_a_bomb_is_refused_by_what_it_says_of_itself(size: tuple[int, int]) -> None:
    tracemalloc.start()
    said = await refusal(bomb(*size))
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert said in (f"photo.jpg: {NO_PICTURE}", "photo.jpg: The picture has too many pixels: at most 40 million.")


@pytest.mark.without_database
async def test_a_text_in_a_png_that_unpacks_to_a_gigabyte_is_not_unpacked() -> None:
    packed = zlib.compress(bytes(100_000_000), 9)
    data = b"Comment\x00\x00" + packed
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data + struct.pack(">I", zlib.crc32(b"zTXt" + data))
    png = photo("PNG")
    assert await refusal(png[:33] + chunk + png[33:]) == f"photo.jpg: {NO_PICTURE}"


@pytest.mark.without_database
async def test_a_jpeg_that_is_drawn_thousands_of_times_over_is_refused() -> None:
    """Each scan of a progressive one may be a few bytes long and costs a pass over all its pixels."""
    plain = photo(progressive=True)
    assert 2 < plain.count(pictures_anew.SCAN) < 20
    await keep(plain)
    last = plain.rindex(pictures_anew.SCAN)
    files.drop(_there())
    assert await refusal(plain[:last] + plain[last:-2] * 500 + plain[-2:]) == f"photo.jpg: {NO_PICTURE}"


@pytest.mark.without_database
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of what it skips in EXIF
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_damaged_pictures_are_taken_or_refused_and_break_nothing(kind: str) -> None:
    chance, plain = random.Random(7), photo(kind, (48, 32), exif=placed())
    for _round in range(150):
        broken = bytearray(plain)
        for _change in range(chance.randint(1, 12)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            made = pictures_anew.webp(bytes(broken[: chance.randint(20, len(broken))]), 100)
        except pictures_anew.Unreadable:
            continue
        assert made[:4] == b"RIFF"


NAMES = {
    "photo.jpg": "photo.jpg", "../../../etc/passwd": "passwd", "C:\\Users\\alice\\photo.jpg": "photo.jpg", "/": "", "..": "",
    ".htaccess": "htaccess", "a\x00b.jpg": "a b.jpg", "invoice\u202egpj.exe": "invoice gpj.exe",
    "a\r\nSet-Cookie: x": "a Set-Cookie: x",
    "\ufeff\u200bspace \u2028 and tab\t.png": "space and tab .png", "": "", "e\u0301te\u0301.png": "été.png",
    "<img src=x onerror=alert(1)>.png": "<img src=x onerror=alert(1)>.png", "写真.jpg": "写真.jpg", "صورة.jpg": "صورة.jpg",
    "x" * 500: "x" * 79 + "…", "\ud800.jpg": "jpg",
}  # fmt: skip


@pytest.mark.without_database
@pytest.mark.parametrize(("called", "title"), NAMES.items())
async def test_its_name_is_shown_cleaned_and_never_used(called: str, title: str) -> None:
    kept = await keep(photo(), called)
    assert kept.title == title
    assert files.NAME.fullmatch(kept.name)
    assert _there() == [kept.name]
    assert sorted(path.name for path in files.folder().parent.glob("photo*")) == []


@pytest.mark.without_database
async def test_the_same_photo_of_two_people_is_two_files() -> None:
    assert (await keep(photo())).name != (await keep(photo())).name


@pytest.mark.without_database
async def test_a_return_has_eight_photos_at_most_and_nothing_is_kept_of_more() -> None:
    eight = [(f"{n}.jpg", photo()) for n in range(8)]
    assert len(await files.keep(several(*eight))) == 8
    files.drop(_there())
    for given, already in (([*eight, ("9.jpg", photo())], 0), (eight[:3], 6)):
        with pytest.raises(Invalid) as refused:
            await files.keep(several(*given), already=already)
        assert "At most 8 photos." in refused.value.fields["photos"]
        assert _there() == []


@pytest.mark.without_database
async def test_one_that_is_refused_leaves_none_of_the_others_behind() -> None:
    with pytest.raises(Invalid) as refused:
        await files.keep(several(("a.jpg", photo()), ("b.svg", SVG)), field="lines.0.photos")
    assert refused.value.fields == {"lines.0.photos": f"b.svg: {NO_PICTURE}"}
    assert _there() == []


@pytest.mark.without_database
@pytest.mark.parametrize(
    "name", ["", "photo.webp", "../secret_key", f"photo-{'a' * 32}.webp/../x", f"photo-{'a' * 31}A.webp",
             f"photo-{'0' * 32}.webp", f"photo-{'a' * 32}.webp\n", f"photo-{'a' * 32}.pdf", "\x00", "photo-" + "a" * 32]
)  # fmt: skip
async def test_no_other_name_opens_anything(name: str) -> None:
    await keep(photo())
    with pytest.raises(Missing):
        files.read(name)


@pytest.mark.without_database
async def test_a_paper_is_kept_as_it_is() -> None:
    name = await files.keep_paper(b"%PDF-1.7 signed")
    assert files.read(name) == (b"%PDF-1.7 signed", "application/pdf")
    assert stat.S_IMODE((files.folder() / name).stat().st_mode) == 0o600


async def test_files_that_no_row_names_are_deleted_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    named, left, fresh = [(await keep(photo())).name for _ in range(3)]
    receipt, old_paper = await files.keep_paper(b"%PDF named"), await files.keep_paper(b"%PDF left")
    await _rows(named, receipt)
    for name in (named, left, receipt, old_paper):
        os.utime(files.folder() / name, (time.time() - files.LEFT_ALONE - 60,) * 2)
    (files.folder() / "note.txt").write_text("the operator's own")
    monkeypatch.setattr(shelves, "_due", {})
    await files.forget()
    assert _there() == sorted([named, fresh, receipt, "note.txt"])
    os.utime(files.folder() / fresh, (0, 0))
    await files.forget()
    assert fresh in _there(), "not twice on one day"


async def _rows(photo_name: str, receipt: str) -> None:
    order = await builders.order()
    made = Return(code="R-AAAAAAAA", kind="return", state="requested", merchant=order["merchant"], receipt=receipt)
    await made.save()
    await ReturnFile(of_return=made.id, name=photo_name, media_type="image/webp", size=1).save()


# What a form brings, as a door takes it.
@post("/photos", request_max_body_size=files.LARGEST_BODY)
async def door(request: Request) -> list[str]:
    kept = await files.keep(uploads.sent(request, "photos", files.MOST_BYTES))
    return [one.title for one in kept]


@post("/one", request_max_body_size=files.LARGEST_BODY)
async def one_door(request: Request) -> int:
    return len(await uploads.first_sent(request, "photos", files.MOST_BYTES))


@pytest.fixture
async def browser() -> AsyncIterator[AsyncClient]:
    app = Litestar([door, one_door], exception_handlers={Invalid: lambda _request, error: _answer(error)})
    async with AsyncClient(transport=ASGITransport(app), base_url="http://counter.example") as client:  # type: ignore[arg-type]
        yield client


def _answer(error: Exception) -> Any:
    assert isinstance(error, Invalid)
    return Response(error.fields, status_code=422)


@pytest.mark.without_database
async def test_a_form_brings_several_files_and_an_empty_field_none(browser: AsyncClient) -> None:
    several_files = [("photos", (f"{n}.png", photo("PNG"), "image/png")) for n in range(3)]
    answer = await browser.post("/photos", files=[*several_files, ("other", ("x.png", b"x", "image/png"))])
    assert answer.json() == ["0.png", "1.png", "2.png"]
    nothing = await browser.post("/photos", files=[("photos", ("", b"", "application/octet-stream"))])
    assert (nothing.status_code, nothing.json()) == (201, [])
    assert (await browser.post("/photos", data={"photos": "text"})).json() == []
    assert (await browser.post("/one", files=several_files[:1])).json() == len(photo("PNG"))


@pytest.mark.without_database
async def test_a_form_that_cannot_be_read_is_refused(browser: AsyncClient) -> None:
    head = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"--x\r\nnonsense", b"--x\r\nContent-Disposition: form-data; name=photos; filename=a\r\n\r\nno end"):
        assert (await browser.post("/photos", content=body, headers=head)).status_code == 400
    assert (await browser.post("/photos", content=b"x", headers={"Content-Type": "multipart/form-data"})).status_code >= 400


async def _fifty_megabytes(head: bytes) -> AsyncIterator[bytes]:
    yield head
    for _megabyte in range(50):
        yield bytes(1024 * 1024)
    yield b"\r\n--x--\r\n"


HEAD = b'--x\r\nContent-Disposition: form-data; name="photos"; filename="film.jpg"\r\n\r\n\xff\xd8\xff'


@pytest.mark.without_database
async def test_fifty_megabytes_are_refused_at_the_field_without_being_in_memory(browser: AsyncClient) -> None:
    tracemalloc.start()
    head = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await browser.post("/photos", content=_fifty_megabytes(HEAD), headers=head)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (answer.status_code, answer.json()) == (422, {"photos": "film.jpg: The file is too large: at most 10 MB."})
    assert peak < 30_000_000
    assert _there() == []


@pytest.mark.without_database
async def test_a_body_of_more_than_all_files_together_is_not_read_at_all(browser: AsyncClient) -> None:
    head = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(files.LARGEST_BODY + 1)}
    read: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        async for part in _fifty_megabytes(HEAD):
            read.append(len(part))
            yield part

    assert (await browser.post("/photos", content=body(), headers=head)).status_code == 413
    assert sum(read) < 2 * 1024 * 1024


@pytest.mark.without_database
def test_a_private_file_is_served_so_that_it_can_do_nothing() -> None:
    answer = private.shown(b"RIFF", "image/webp")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    paper = private.pdf(b"%PDF", "withdrawal-R-7K3F9QXM.pdf")
    assert paper.headers["Content-Disposition"] == 'inline; filename="withdrawal-R-7K3F9QXM.pdf"'
    assert "default-src 'none'" in paper.headers["Content-Security-Policy"]
    assert paper.headers["Cache-Control"] == "private, no-store"
