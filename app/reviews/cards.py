"""Reviews as pages show them, every text made once; and a seller's stars."""

from msgspec import Struct

from app.i18n import Voice
from app.reviews import hiding
from app.reviews.kept import KeptReview, Stars


class ReviewCard(Struct, frozen=True):
    """`stars`: ★★★★☆, `said` the same in words. `hidden`: why nobody reads it, in words; empty for one that stands."""

    id: int
    rating: int
    stars: str
    said: str
    who: str
    when: str
    item: str
    text: str
    hidden: str
    answer: str
    answered: str
    shop: str
    slug: str
    reports: int


class Overview(Struct, frozen=True):
    """`rows`: stars, how many, in words, and how many of `total`; the best first."""

    average: str
    stars: str
    count: str
    total: int
    rows: list[tuple[str, int, str]]


def card(it: KeptReview, voice: Voice, *, whole: bool = False) -> ReviewCard:
    """`whole`: for who wrote it, and who judges: also what is hidden."""
    _ = voice.gettext
    why = hiding.reasons(voice).get(it.hidden_why, "") if it.hidden_at else ""
    hidden = _("Hidden on %(day)s: %(why)s") % {"day": voice.day(it.hidden_at), "why": why} if it.hidden_at else ""
    day = voice.day(it.created_at)
    when = _("%(day)s, changed on %(changed)s") % {"day": day, "changed": voice.day(it.changed_at)} if it.changed_at else day
    return ReviewCard(
        it.id, it.rating, drawn(it.rating), told(it.rating, voice), it.name or _("A buyer"), when, it.title,
        "" if hidden and not whole else it.text, hidden, it.answer, voice.day(it.answered_at) if it.answered_at else "",
        it.merchant_name, it.merchant_slug, it.reports,
    )  # fmt: skip


def overview(stars: Stars, voice: Voice) -> Overview | None:
    """None before the first."""
    if not stars.total:
        return None
    count = voice.ngettext("%(num)d review", "%(num)d reviews", stars.total) % {"num": stars.total}
    rows = [(told(n, voice), stars.counts[n - 1], drawn(n)) for n in range(5, 0, -1)]
    average = voice.gettext("%(average)s of 5") % {"average": voice.tenths(stars.average)}
    return Overview(average, drawn(round(stars.average)), count, stars.total, rows)


def drawn(rating: int) -> str:
    return "★" * rating + "☆" * (5 - rating)


def told(rating: int, voice: Voice) -> str:
    return voice.ngettext("%(num)d star", "%(num)d stars", rating) % {"num": rating}
