"""What a browser does to ask for something, without JavaScript: forms as they stand on the page, filled in and sent."""

import html
import io
import re
from collections.abc import Sequence
from typing import Any

from httpx import AsyncClient, Response
from PIL import Image

Fields = dict[str, str]


def photo(side: int = 40, kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (side, side), "#a33").save(made, kind)
    return made.getvalue()


def fields(page: str) -> Fields:
    """Of the form of the page: what it sends as it stands; boxes that are not ticked are left out."""
    found: Fields = {}
    form = page.partition('id="asking"')[2].partition("</form>")[0]
    for tag in re.findall(r"<input [^>]*>", form):
        about = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = about.get("type", "text")
        if "name" in about and kind != "file" and (kind not in ("radio", "checkbox") or " checked" in tag):
            found[about["name"]] = html.unescape(about.get("value", ""))
    for name, inside in re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        options = re.findall(r'<option value="([^"]*)"( selected)?', inside)
        found[name] = next((value for value, chosen in options if chosen), options[0][0])
    for name, inside in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = html.unescape(inside)
    return found


async def look(alice: AsyncClient, page: Response, **changed: str) -> Response:
    """The form of the page is sent on, with what was changed (“quantity_12” for quantity-12)."""
    said = fields(page.text) | {name.replace("_", "-"): value for name, value in changed.items()}
    return await alice.post(f"{address(page)}/new", data=said)


async def send(alice: AsyncClient, page: Response, photos: Sequence[tuple[str, bytes]] = (), **changed: Any) -> Response:
    """The second step is sent, as browsers do: in parts."""
    headers = changed.pop("headers", {})
    said = {name: (None, value) for name, value in (fields(page.text) | changed).items()}
    parts: list[Any] = [*said.items(), *(("photos", (name, body, "image/jpeg")) for name, body in photos)]
    if not photos:
        parts.append(("photos", ("", b"", "application/octet-stream")))
    return await alice.post(address(page), files=parts, headers=headers)


def address(page: Response) -> str:
    return page.url.path.removesuffix("/new")


def code(answer: Response) -> str:
    assert answer.status_code == 303, answer.text[:3000]
    return answer.headers["location"].rpartition("/")[2]


def said(page: str) -> str:
    """What the page says, in one line."""
    text = re.sub(r"<svg.*?</svg>", "", page.partition("<main")[2].partition("</main>")[0], flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
