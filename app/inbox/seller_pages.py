"""The page of a seller: who they are, how they answer, what they say of returns, and the way to ask them something."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app.i18n import Voice, _, ngettext, voice
from app.inbox import profiles, sellers
from app.inbox.lists import Filter
from app.orders import filters
from app.orders.line_rows import web_address
from app.returns import rule_words, rules
from app.returns.rule_book import Rules
from app.reviews import cards as review_cards
from app.reviews import kept as review_rows
from app.web import access
from app.web.pages import page, wants_fragment

POLICIES = ("default_days", "windows", "exclusions", "shipping_paid_by", "shipping_fee", "restocking", "credit_bonus", "ways")


@get("/sellers/{slug:str}", access=access.CUSTOMER)
async def show(request: Request, slug: FromPath[str]) -> Response[Any]:
    it, said = await sellers.named(slug), voice()
    orders, threads = await sellers.of_customer(request.user.id, it["id"])
    _version, theirs = await rules.of(it["id"])
    identity, policies = await profiles.identity(it["id"]), await profiles.policies(it["id"])
    before, stars = request.query_params.get("before", ""), await review_rows.stars(it["id"])
    reviews, older = await review_rows.page_of(it["id"], before)
    return page(
        request,
        "inbox/seller.html",
        overview=review_cards.overview(stars, said),
        reviews=[(review_cards.card(one, said), one.customer == request.user.id) for one in reviews],
        older=f"/sellers/{slug}?before={older}" if older else "",
        newest=f"/sellers/{slug}#reviews" if before else "",
        appending=bool(before) and wants_fragment(request),
        keep=False,
        it=it,
        identity=identity,
        lines=[line for line in identity.address.splitlines() if line.strip()],
        shipping=profiles.in_words(policies, said.locale, "shipping"),
        returns=profiles.in_words(policies, said.locale, "returns"),
        website=web_address(it["website"]),
        measured=_measured(await sellers.measured(it["id"]), said),
        policies=_policies(theirs, said),
        between=_between(slug, orders, threads),
    )


def _measured(found: sellers.Measured, said: Voice) -> list[tuple[str, str]]:
    """Label and text of each."""
    unknown = _("Not enough yet to say")
    reply = said.lasting(found.reply) if found.reply is not None else unknown
    reversed_ = _("%(num)d of 100") % {"num": found.reversed} if found.reversed is not None else unknown
    return [(_("Answers within, usually"), reply), (_("Decisions reversed after an objection"), reversed_)]


def _policies(theirs: Rules, said: Voice) -> list[tuple[str, list[str]]]:
    """In the customer's words, where the form's are the seller's."""
    own = {
        "restocking": _("What the seller keeps of a refund"), "shipping_fee": _("What the way back costs"),
        "default_days": _("Days to return something, beside your rights by law"),
    }  # fmt: skip
    found = {one.field: one for one in rule_words.all_of(theirs, said)}
    return [(own.get(name, found[name].title), found[name].lines) for name in POLICIES if name in found]


def _between(slug: str, orders: int, threads: int) -> list[tuple[str, str, str]]:
    """Icon, text and address of what they have with each other."""
    bought = ngettext("%(num)d order", "%(num)d orders", orders)
    said = ngettext("%(num)d conversation", "%(num)d conversations", threads)
    found = [
        ("package", orders, bought, filters.Filter(merchant=slug).url()),
        ("message-circle", threads, said, Filter(seller=slug).url()),
    ]
    return [(icon, text % {"num": count}, url) for icon, count, text, url in found if count]


CUSTOMER = [show]
