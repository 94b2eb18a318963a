"""What a customer may still do with a line of an order, and until when. Facts and rules in, rights out; nothing is read here.

Where a delivery is not known, the end of what is counted from it cannot be said, and the right stays open: the customer does
not answer for what a carrier has not told. Only after a year no parcel is on its way any more (see LATEST): from then on it
counts as having come on the last day on which that can have been.
"""

from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app.returns import days, exemptions
from app.returns.arrivals import Bought, Item, arrival, came_last, still_to_send
from app.returns.days import day_of, months_after
from app.returns.rule_book import Rules

WITHDRAWAL, INFORMED_LATE = 14, 12  # days, months
GUARANTEE, REPAIRED = 24, 12  # months
REPAIRS_COUNT_FROM = date(2026, 7, 31)  # contracts since then (Directive (EU) 2024/1799, Art. 21 and 22)
TO_DELIVER, NOT_HERE = 30, 60  # days


class Right(Struct, frozen=True, kw_only=True):
    """`code`: withdrawal, guarantee, delivery_claim, cancellation, return or exchange. `source`, `why` and `notes` are keys of
    `words`; `why`: what closes it, empty when it is open. `reason`: of `exemptions`, what it is about.

    `until` is the last day, where the consumer is, and `ends_at` the instant (UTC) from which on it is over; both None while
    the end cannot be said. `from_day`: a right that begins only then.
    """

    code: str
    open: bool
    source: str
    why: str = ""
    until: date | None = None
    ends_at: datetime | None = None
    from_day: date | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()


def rights(bought: Bought, item: Item, rules: Rules, *, withdrawing: str, now: datetime) -> list[Right]:
    """The strongest first; what is open before what is not. `withdrawing`: for whom there is a withdrawal by default (on, off,
    eu), where the merchant's rules say nothing."""
    rules = rules if rules.withdrawal else replace(rules, withdrawal=withdrawing)
    strongest = (withdrawal, guarantee, delivery_claim, cancellation, return_, exchange)
    found = [right(bought, item, rules, now) for right in strongest]
    return sorted(found, key=lambda right: not right.open)


def withdrawal(bought: Bought, item: Item, rules: Rules, now: datetime) -> Right:
    """Directive 2011/83/EU, Art. 9 to 16. For goods from the day on which the last one of the order has come, for services
    and digital content from the contract's; it is there from the contract on."""
    source = "withdrawal_goods" if item.needs_shipping else "withdrawal_contract"
    if closed := _not_theirs(bought, item, rules):
        return Right(code="withdrawal", open=False, source=source, why=closed)
    reason, notes = rules.excluded(item), []
    if exemption := exemptions.EXEMPTIONS.get(reason):
        if not exemption.once:
            return Right(code="withdrawal", open=False, source=source, why="exempt", reason=reason)
        notes.append("exempt_once")
    began, supposed = came_last(bought, now) if item.needs_shipping else (bought.placed_at, False)
    if began is None:
        notes.append("not_come")
        return Right(code="withdrawal", open=True, source=source, reason=_law(reason), notes=tuple(notes))
    last, said = _withdraw_until(bought, day_of(began, bought.zone), rules)
    notes += [*said, *(["supposed"] if supposed else [])]
    return _dated("withdrawal", source, last, bought, now, tuple(notes), _law(reason))


def _not_theirs(bought: Bought, item: Item, rules: Rules) -> str:
    """Why there is none at all, whatever the days."""
    if not item.quantity:
        return "nothing_left"
    if rules.withdrawal == "off":
        return "not_offered"
    return _elsewhere(bought, rules)


def _elsewhere(bought: Bought, rules: Rules) -> str:
    """A country that is not known may be one of the EU; a shop may treat everybody as if they were there."""
    outside = bought.country and days.country(bought.country) not in days.EEA
    return "outside_eu" if outside and rules.withdrawal != "on" else ""


def _law(reason: str) -> str:
    return reason if reason in exemptions.EXEMPTIONS else ""


def _withdraw_until(bought: Bought, event: date, rules: Rules) -> tuple[date, list[str]]:
    """The last day of the period that `event` begins, and what is to be known of it."""
    plain = event + timedelta(days=WITHDRAWAL)
    last = first = days.working_day(plain, bought.country, bought.region)
    notes = []
    if rules.informed != "yes":  # Art. 10(1); (2): within twelve months of `event`, 14 days from the information
        longest = months_after(first, INFORMED_LATE)
        told = rules.informed_since if rules.informed == "since" else None
        if told is None or told > months_after(event, INFORMED_LATE):
            plain = longest
        elif told > event:
            plain = told + timedelta(days=WITHDRAWAL)
        last = max(first, days.working_day(plain, bought.country, bought.region))
        notes += ["informed_late"] if last > first else []
    return last, notes + (["working_day"] if last > plain else [])


def guarantee(bought: Bought, item: Item, rules: Rules, now: datetime) -> Right:
    """Directive (EU) 2019/771, Art. 10(1): what shows within two years of the delivery. Twelve months more, once, after a
    repair under the guarantee (Art. 10(2a), put in by Directive (EU) 2024/1799, Art. 16). No working day is waited for: a
    defect may show on a Sunday."""
    source = "guarantee" if item.needs_shipping else "guarantee_digital"
    if why := _elsewhere(bought, rules) if item.quantity else "nothing_left":
        return Right(code="guarantee", open=False, source=source, why=why)
    came, sent, supposed = arrival(bought, item, now)
    if came is None:
        notes = ("not_come",) if sent else ()
        return Right(code="guarantee", open=sent, source=source, why="" if sent else "begins_with_delivery", notes=notes)
    months, notes = GUARANTEE, ("supposed",) if supposed else ()
    if item.repaired_at is not None and day_of(bought.placed_at, bought.zone) >= REPAIRS_COUNT_FROM:
        within = item.repaired_at < days.end_of(months_after(day_of(came, bought.zone), GUARANTEE), bought.zone)
        months, notes = (months + REPAIRED, (*notes, "repaired")) if within else (months, notes)
    return _dated("guarantee", source, months_after(day_of(came, bought.zone), months), bought, now, notes)


def delivery_claim(bought: Bought, item: Item, rules: Rules, now: datetime) -> Right:
    """Directive 2011/83/EU, Art. 18 and 20: within thirty days unless another day was agreed; the seller bears the risk
    until the goods are in the consumer's hands. What a carrier says to have delivered may be missed for sixty days."""
    if not item.needs_shipping or not item.quantity:
        why = "nothing_left" if item.needs_shipping else "not_shipped_goods"
        return Right(code="delivery_claim", open=False, source="delivery", why=why)
    came, _sent, supposed = arrival(bought, item, now)
    if came is not None:
        notes = ("supposed",) if supposed else ()
        return _dated("delivery_claim", "risk", day_of(came, bought.zone) + timedelta(days=NOT_HERE), bought, now, notes)
    placed = day_of(bought.placed_at, bought.zone)
    due = day_of(bought.promised, bought.zone) if bought.promised else placed + timedelta(days=TO_DELIVER)
    if now < days.end_of(due, bought.zone):
        begins = due + days.A_DAY
        return Right(code="delivery_claim", open=False, source="delivery", why="not_late", from_day=begins)
    return Right(code="delivery_claim", open=True, source="delivery")


def cancellation(bought: Bought, item: Item, rules: Rules, now: datetime) -> Right:
    """The shop's own: what has not been sent need not be sent."""
    why = ""
    if bought.state != "open" or not item.quantity:
        why = "nothing_left"
    elif not item.needs_shipping:
        why = "not_shipped_goods"
    elif not still_to_send(bought, item):
        why = "sent"
    return Right(code="cancellation", open=not why, source="shop", why=why)


def return_(bought: Bought, item: Item, rules: Rules, now: datetime) -> Right:
    return _by_the_shop("return", bought, item, rules, now)


def exchange(bought: Bought, item: Item, rules: Rules, now: datetime) -> Right:
    return _by_the_shop("exchange", bought, item, rules, now)


def _by_the_shop(code: str, bought: Bought, item: Item, rules: Rules, now: datetime) -> Right:
    """So many days from the delivery of the line, as the shop promises; whole days, whichever they are."""
    reason, promised = rules.excluded(item), rules.days(item)
    came, sent, supposed = arrival(bought, item, now)
    why = ""
    if not item.quantity:
        why = "nothing_left"
    elif not item.needs_shipping:
        why = "not_shipped_goods"
    elif reason == exemptions.NOT_RETURNED or (reason and not exemptions.EXEMPTIONS[reason].once):
        why = "excluded"
    elif not promised:
        why = "no_window"
    elif came is None and not sent:
        why = "begins_with_delivery"
    if why:
        return Right(code=code, open=False, source="shop", why=why, reason=reason if why == "excluded" else "")
    notes = ("exempt_once",) if reason else ()
    if came is None:
        return Right(code=code, open=True, source="shop", reason=reason, notes=(*notes, "not_come"))
    last = day_of(came, bought.zone) + timedelta(days=promised)
    return _dated(code, "shop", last, bought, now, (*notes, "supposed") if supposed else notes, reason)


def _dated(
    code: str, source: str, last: date, bought: Bought, now: datetime, notes: tuple[str, ...], reason: str = ""
) -> Right:
    ends = days.end_of(last, bought.zone)
    is_open = now < ends
    why = "" if is_open else "over"
    return Right(code=code, open=is_open, source=source, why=why, until=last, ends_at=ends, reason=reason, notes=notes)
