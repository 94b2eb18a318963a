"""Proof of delivery as a carrier's program sends it: the photo, or the signature, made anew before it is kept.

Made anew, a picture holds nothing but pixels: no place where it was taken, no second file behind it.
"""

import asyncio
import io

from PIL import Image, ImageOps, UnidentifiedImageError

from app import db
from app.accounts import customers
from app.errors import Invalid
from app.shipments import proofs
from app.shipments.actions import parcels_of

MEDIA_TYPES = tuple(proofs.MEDIA_TYPES.values())
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1_600
REFUSED = "The picture was not taken"


async def prove(merchant: int, number: str, kind: proofs.Kind, body: bytes) -> None:
    """For all parcels with that number. Raises Missing without one, Invalid when this is no such picture.

    The same one again changes nothing. The files come first: without their rows nobody is shown them.
    """
    async with db.transaction():
        parcels = await parcels_of(merchant, number)
    picture = await asyncio.to_thread(_made_anew, body)
    names = {one["id"]: await asyncio.to_thread(proofs.keep, one["id"], kind, picture) for one in parcels}
    column = f"proof_{kind}"
    async with db.transaction():
        there = await parcels_of(merchant, number)
        changed = [parcel for parcel in there if parcel["id"] in names and parcel[column] != names[parcel["id"]]]
        for parcel in changed:
            sql = f"UPDATE shipments SET {column} = {{}} WHERE id = {{}}"  # noqa: S608
            await db.execute(sql, names[parcel["id"]], parcel["id"])
        for customer in sorted({parcel["customer"] for parcel in changed}):
            await customers.raise_revision(customer)
    for former in {parcel[column] for parcel in changed} - {""}:  # a picture of somebody's door that nothing names any more
        (proofs.folder() / former).unlink(missing_ok=True)


def _made_anew(body: bytes) -> bytes:
    """A WebP, upright, its longer side at most 1,600 pixels."""
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise Invalid.at({"": f"more than {MOST_PIXELS // 1_000_000} million pixels"}, REFUSED)
            picture = ImageOps.exif_transpose(found)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            made = io.BytesIO()
            picture.convert("RGBA" if picture.has_transparency_data else "RGB").save(made, "WEBP", quality=82, method=4)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Invalid.at({"": "this cannot be read as a JPEG, PNG or WebP picture"}, REFUSED) from error
    return made.getvalue()
