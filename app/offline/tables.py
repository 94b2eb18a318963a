"""What changes that may be sent again were answered with."""

from piccolo.columns import ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE


class KeptAnswer(Table, tablename="kept_answers", db=ENGINE):
    """To the first request with that `key`. `request` is a digest of all that it asked for.

    `location` and `media_type` are headers; a body that was too long is not kept, and empty here.
    """

    key = Varchar(200, unique=True)
    customer = ForeignKey(Customer)
    request = Varchar(32)
    status = Integer(default=0)
    location = Text(default="")
    media_type = Varchar(100, default="")
    body = Text(default="")
    at = Timestamptz(default=clock.now)
