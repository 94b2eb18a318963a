"""Where changes led that may be sent again."""

from piccolo.columns import ForeignKey, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE


class KeptAnswer(Table, tablename="kept_answers", db=ENGINE):
    """To the first request with that `key`. `request` is a digest of all that it asked for; `location` is empty where it led
    to no other page."""

    key = Varchar(200, unique=True)
    customer = ForeignKey(Customer)
    request = Varchar(32)
    location = Text(default="")
    at = Timestamptz(default=clock.now)
