"""Where the code of a return leads who has scanned it: it stands on a parcel, so it opens nothing by itself."""

from app import db

# Her own return, or one of a merchant at whose desk she works.
PLACE = """
SELECT r.customer, m.slug FROM returns r JOIN merchants m ON m.id = r.merchant
WHERE r.code = {} AND r.state <> 'unconfirmed'
  AND (r.customer = {} OR EXISTS (SELECT 1 FROM members mb WHERE mb.merchant = r.merchant AND mb.customer = {}))
"""


async def place(customer: int, code: str) -> str:
    """The page of theirs that shows it; empty where there is none. `code` as `scanned.code` has read it."""
    row = await db.one(PLACE, code, customer, customer) if code else None
    if row is None:
        return ""
    return f"/returns/{code}" if row["customer"] == customer else f"/desk/{row['slug']}/returns/search?code={code}"
