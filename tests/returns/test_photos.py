"""Photos of a return over HTTP: put there with the request or later, seen by nobody else; hostile ones refused in words."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from httpx import AsyncClient, Response
from PIL import Image

from app import db
from app.i18n import Voice
from app.returns import asking, deciding, files, kept
from tests import builders
from tests.returns import asking_steps as steps
from tests.returns import bought

Sent = Sequence[tuple[str, bytes]]
LARGE = b"\xff\xd8\xff\xe0" + b"\0" * (50 * 1024 * 1024)


async def _claim() -> str:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    return await asking.ask(order["customer"], bought.asked(teapots, kind="claim"), by="customer:1")


async def _add(alice: AsyncClient, code: str, sent: Sent) -> Response:
    parts = [("photos", (name, body, "image/jpeg")) for name, body in sent]
    return await alice.post(f"/returns/{code}/photos", files=parts)


async def _review(alice: AsyncClient) -> Response:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    page = await alice.get(f"/orders/{order['address']}/returns/new?kind=claim&line={teapots}&reason=damaged")
    return await steps.look(alice, page)


def _on_disk() -> list[str]:
    return [path.name for path in files.folder().glob("*")] if files.folder().exists() else []


async def _photos(code: str) -> list[tuple[str, str]]:
    return [(file.title, file.by_whom) for file in (await kept.by_code(code)).files]


async def test_a_claim_is_sent_with_its_photos(alice: AsyncClient) -> None:
    answer = await steps.send(
        alice, await _review(alice), [("a.jpg", steps.photo()), ("C:\\tmp\\b.png", steps.photo(30, "PNG"))]
    )
    code = steps.code(answer)
    it = await kept.by_code(code)
    assert await _photos(code) == [("a.jpg", f"customer:{it.it.customer}"), ("b.png", f"customer:{it.it.customer}")]
    assert await bought.told(code) == ["claim_opened", "return_photo_added"]
    for file in it.files:
        shown = await alice.get(f"/returns/{code}/photos/{file.id}")
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
        assert shown.headers["cache-control"] == "private, no-store"
        assert "sandbox" in shown.headers["content-security-policy"]
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert Image.open(io.BytesIO(shown.content)).format == "WEBP"


async def test_more_are_added_until_it_is_settled(alice: AsyncClient) -> None:
    code = await _claim()
    merchant = (await kept.by_code(code)).it.merchant
    added = await _add(alice, code, [("a.jpg", steps.photo())])
    assert (added.status_code, added.headers["location"]) == (303, f"/returns/{code}/photos")
    await deciding.approve(merchant, code, by="member:1")
    assert (await _add(alice, code, [("b.jpg", steps.photo())])).status_code == 303
    await db.execute("UPDATE returns SET state = 'resolved' WHERE code = {}", code)
    late = await _add(alice, code, [("c.jpg", steps.photo())])
    assert late.status_code == 409
    assert "It is settled" in late.text
    assert [title for title, _by in await _photos(code)] == ["a.jpg", "b.jpg"]
    assert len(_on_disk()) == 2
    page = await alice.get(f"/returns/{code}/photos")
    assert 'type="file"' not in page.text
    assert page.text.count(f'src="/returns/{code}/photos/') == 2


async def test_nobody_else_sees_or_adds_any(alice: AsyncClient) -> None:
    code = await _claim()
    await _add(alice, code, [("a.jpg", steps.photo())])
    (file,) = (await kept.by_code(code)).files
    other = await _claim_of_bob()
    alice.cookies.clear()
    alice.cookies.update(await builders.session(builders.BOB))
    paths = [f"/returns/{code}/photos", f"/returns/{code}/photos/{file.id}", f"/returns/{other}/photos/{file.id}"]
    answers = [await alice.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (await _add(alice, code, [("b.jpg", steps.photo())])).status_code == 404
    assert len(await _photos(code)) == 1
    assert len(_on_disk()) == 1
    alice.cookies.clear()
    assert (await alice.get(paths[1])).status_code in (303, 401)


async def _claim_of_bob() -> str:
    order = await bought.delivered("7", customer=builders.Person(email=builders.BOB, name="Bob"))
    line = (await bought.line_ids(order))[0]
    return await asking.ask(order["customer"], bought.asked(line, kind="claim"), by="customer:2")


HOSTILE = {
    "no picture": ([("shell.php.jpg", b"<?php system('id'); ?>")], "This is not a picture that can be read"),
    "an SVG": ([("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")], "This is not a picture"),
    "empty": ([("empty.jpg", b"")], "This is not a picture that can be read"),
    "50 MB": ([("large.jpg", LARGE)], "The file is too large: at most 10 MB."),
    "one of two": ([("good.jpg", steps.photo()), ("bad.jpg", b"GIF89a")], "bad.jpg: This is not a picture"),
    "nine": ([(f"{n}.jpg", steps.photo(8)) for n in range(9)], "At most 8 photos."),
}


@pytest.mark.parametrize(("sent", "text"), HOSTILE.values(), ids=list(HOSTILE))
async def test_a_hostile_one_is_refused_at_its_field_and_nothing_of_it_stays(alice: AsyncClient, sent: Sent, text: str) -> None:
    code = await _claim()
    refused = await _add(alice, code, sent)
    assert refused.status_code == 422
    error = refused.text.partition('id="photos-error"')[2].partition("</p>")[0]
    assert text in error
    assert (_on_disk(), await _photos(code)) == ([], [])


@pytest.mark.parametrize(("sent", "text"), HOSTILE.values(), ids=list(HOSTILE))
async def test_with_the_request_it_keeps_the_request_from_being_sent_and_what_was_typed_stays(
    alice: AsyncClient, sent: Sent, text: str
) -> None:
    review = await _review(alice)
    refused = await steps.send(alice, review, sent)
    assert refused.status_code == 422
    assert text in refused.text.partition('id="photos-error"')[2].partition("</p>")[0]
    assert "Choose your photos again" in refused.text
    assert (_on_disk(), await db.rows("SELECT id FROM returns")) == ([], [])
    again = await steps.send(alice, refused, [("good.jpg", steps.photo())])
    assert len(await _photos(steps.code(again))) == 1


async def test_a_refused_request_keeps_no_photo(alice: AsyncClient) -> None:
    review = await _review(alice)
    refused = await steps.send(alice, review, [("a.jpg", steps.photo())], draft="{}")
    assert refused.status_code == 422
    assert _on_disk() == []


async def test_of_photos_there_are_eight_in_all(alice: AsyncClient) -> None:
    code = await _claim()
    for n in range(4):
        assert (await _add(alice, code, [(f"{n}-{m}.jpg", steps.photo(8)) for m in range(2)])).status_code == 303
    full = await _add(alice, code, [("ninth.jpg", steps.photo(8))])
    assert full.status_code == 422
    assert "At most 8 photos." in full.text
    assert len(_on_disk()) == 8


async def test_none_chosen_is_said(alice: AsyncClient) -> None:
    code = await _claim()
    refused = await alice.post(f"/returns/{code}/photos", files=[("photos", ("", b"", "application/octet-stream"))])
    assert refused.status_code == 422
    assert "Choose at least one photo." in refused.text


async def test_what_a_file_was_called_is_shown_as_text_and_never_as_a_path(alice: AsyncClient) -> None:
    code = await _claim()
    await _add(alice, code, [('../../etc/<img src=x onerror="alert(1)">.jpg', steps.photo())])
    page = (await alice.get(f"/returns/{code}/photos")).text
    assert "<img src=x" not in page
    assert "../" not in page.partition("<main")[2].partition("</main>")[0]
    assert all(files.NAME.fullmatch(name) for name in _on_disk())


async def test_where_it_was_taken_is_gone(alice: AsyncClient) -> None:
    picture, sent = Image.new("RGB", (20, 20)), io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "ACME-PHONE"
    picture.save(sent, "JPEG", exif=exif)
    assert b"ACME-PHONE" in sent.getvalue()
    code = await _claim()
    await _add(alice, code, [("a.jpg", sent.getvalue())])
    (file,) = (await kept.by_code(code)).files
    shown = (await alice.get(f"/returns/{code}/photos/{file.id}")).content
    assert b"ACME-PHONE" not in shown
    assert len(Image.open(io.BytesIO(shown)).getexif()) == 0


async def test_refused_in_french(alice: AsyncClient) -> None:
    code = await _claim()
    await builders.customer(builders.ALICE, locale="fr")
    refused = await _add(alice, code, [("a.jpg", b"no picture")])
    _ = Voice("fr").gettext
    said = _("This is not a picture that can be read: JPEG, PNG or WebP, at most %(num)d MB.") % {"num": 10}
    assert said.startswith("Ce n’est pas")
    assert said.partition("’")[0] in refused.text
    assert _("Choose or take photos") in refused.text


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k" * 20}])
async def test_pictures_are_made_anew_while_no_transaction_waits_for_them(
    alice: AsyncClient, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    """It takes seconds; on SQLite nobody else could write meanwhile."""
    review, seen, keep = await _review(alice), [], files.keep

    async def watched(*args: Any, **about: Any) -> list[files.NewFile]:
        seen.append(db.ENGINE.current_transaction.get())
        return await keep(*args, **about)

    monkeypatch.setattr(files, "keep", watched)
    code = steps.code(await steps.send(alice, review, [("a.jpg", steps.photo())], headers=headers))
    assert (seen, len(await _photos(code))) == ([None], 1)


async def test_the_returns_own_page_leads_to_its_photos(alice: AsyncClient) -> None:
    code = await _claim()
    assert f'href="/returns/{code}/photos"' in (await alice.get(f"/returns/{code}")).text


async def test_what_was_sent_in_is_seen_on_the_returns_own_page(alice: AsyncClient) -> None:
    code = await _claim()
    here = f"/returns/{code}"
    empty = (await alice.get(here)).text
    assert ("Add photos" in empty, 'class="photos"' in empty) == (True, False)
    await _add(alice, code, [("a.jpg", steps.photo()), ("b.jpg", steps.photo())])
    text = (await alice.get(here)).text
    for file in (await kept.by_code(code)).files:
        assert f'src="{here}/photos/{file.id}" alt="Photo: {file.title}"' in text
    assert "2 photos" in text
    await db.execute("UPDATE returns SET state = 'resolved' WHERE code = {}", code)
    assert "2 photos" in (await alice.get(here)).text


async def test_what_is_settled_without_photos_offers_no_way_to_add_some(alice: AsyncClient) -> None:
    code = await _claim()
    await db.execute("UPDATE returns SET state = 'resolved' WHERE code = {}", code)
    assert f"/returns/{code}/photos" not in (await alice.get(f"/returns/{code}")).text
