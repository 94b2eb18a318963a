"""A review of one line of an order that was delivered, and that somebody has reported it."""

from piccolo.columns import BigInt, ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE
from app.merchants.tables import Merchant


class Review(Table, tablename="reviews", db=ENGINE):
    """`line` is that of the order, one review each, without a foreign key: what was said outlives it. `title` is of the line,
    `name` what its page says of the customer: “Alice M.”. `reports` is how often it was reported and not looked at yet;
    `hidden_why` one of `hiding.REASONS`: its words are not shown then, its stars count as before."""

    merchant = ForeignKey(Merchant, index=False)
    customer = ForeignKey(Customer)
    line = BigInt(unique=True)
    rating = SmallInt()
    text = Text(default="")
    title = Text(default="")
    name = Varchar(200, default="")
    created_at = Timestamptz(default=clock.now)
    changed_at = Timestamptz(null=True, default=None)
    answer = Text(default="")
    answered_at = Timestamptz(null=True, default=None)
    reports = Integer(default=0)
    hidden_at = Timestamptz(null=True, default=None)
    hidden_why = Varchar(16, default="")


class ReviewReport(Table, tablename="review_reports", db=ENGINE):
    """By whom (one each), and why: one of `hiding.REASONS`, and words. `settled_at`: somebody has looked at it."""

    review = ForeignKey(Review)
    customer = ForeignKey(Customer)
    why = Varchar(16)
    text = Text(default="")
    at = Timestamptz(default=clock.now)
    settled_at = Timestamptz(null=True, default=None)


class SellerStars(Table, tablename="seller_stars", db=ENGINE):
    """How many reviews of a merchant give so many stars: kept with each review, so that no page counts them."""

    merchant = ForeignKey(Merchant, unique=True)
    one = Integer(default=0)
    two = Integer(default=0)
    three = Integer(default=0)
    four = Integer(default=0)
    five = Integer(default=0)
