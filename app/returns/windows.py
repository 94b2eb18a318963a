"""What a customer may still do with a line of an order, and until when. Facts and rules in, rights out; nothing is read here.

Where a delivery is not known, the end of what is counted from it cannot be said, and the right stays open: the customer does
not answer for what a carrier has not told. Only after a year no parcel is on its way any more (see LATEST): from then on it
counts as having come on the last day on which that can have been.

The law that is known here is that of the EU. Whoever lives elsewhere has rights of their own country's law, which nobody here
knows: what is wrong can be reported to the seller all the same, who decides; no law of the EU is named to them.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from app.returns import days, exemptions
from app.returns.arrivals import Bought, arrival, last_of
from app.returns.cases import Case, Right
from app.returns.days import months_after
from app.returns.guarantees import guarantee, report
from app.returns.rule_book import Rules

Some = Sequence[Callable[[Case], Right | None]]  # of the rights below, in the order in which they are to be told

WITHDRAWAL, INFORMED_LATE = 14, 12  # days, months
TO_DELIVER, NOT_HERE = 30, 60  # days


def of_all(
    bought: Bought, rules: Rules, *, withdrawing: str, now: datetime, of: Some = ()
) -> list[list[Right]]:  # fmt: skip
    """Of each item in its turn, the strongest first; what is open before what is not. `withdrawing`: for whom there is a
    withdrawal by default (on, off, eu), where the merchant's rules say nothing. `of`: which of them, all if none is named."""
    rules = rules if rules.withdrawal else replace(rules, withdrawal=withdrawing)
    arrivals = [arrival(bought, item, now) for item in bought.items]
    last, found, known = last_of(bought, arrivals), [], {}
    for item, came in zip(bought.items, arrivals, strict=True):
        case = Case(bought, item, rules, now, came, last, rules.excluded(item), rules.days(item))
        alike = (item.quantity > 0, item.needs_shipping, item.repaired_at, came, case.excluded, case.promised)
        if alike not in known:
            several = [right for of_case in of or STRONGEST if (right := of_case(case)) is not None]
            known[alike] = sorted(map(case.as_at_home, several), key=lambda right: not right.open)
        found.append(known[alike])
    return found


def withdrawal(case: Case) -> Right:
    """Directive 2011/83/EU, Art. 9 to 16. For goods from the day on which the last one of the order has come, for services
    and digital content from the contract's; it is there from the contract on."""
    goods = case.item.needs_shipping
    code, source = "withdrawal", "withdrawal_goods" if goods else "withdrawal_contract"
    if why := _not_theirs(case):
        return case.closed(code, source, why)
    reason, notes = case.excluded if case.excluded in exemptions.EXEMPTIONS else "", []
    if reason and not exemptions.EXEMPTIONS[reason].once:
        return case.closed(code, source, "exempt", reason=reason)
    if reason:
        notes.append("exempt_once")
    began = case.last.came if goods else case.bought.placed_at
    if began is None:
        return Right(code=code, open=True, source=source, reason=reason, notes=(*notes, "not_come"))
    last, said = _withdraw_until(case, case.day(began))
    notes += [*said, *(["supposed"] if goods and case.last.supposed else [])]
    return case.dated(code, source, last, tuple(notes), reason=reason)


def _not_theirs(case: Case) -> str:
    """Why there is none at all, whatever the days."""
    if not case.item.quantity:
        return "nothing_left"
    return "not_offered" if case.rules.withdrawal == "off" else case.elsewhere


def _withdraw_until(case: Case, event: date) -> tuple[date, list[str]]:
    """The last day of the period that `event` begins, and what is to be known of it."""
    where, rules = (case.bought.country, case.bought.region), case.rules
    plain = event + timedelta(days=WITHDRAWAL)
    last = first = days.working_day(plain, *where)
    if rules.informed != "yes":  # Art. 10(1); (2): within twelve months of `event`, 14 days from the information
        told = rules.informed_since if rules.informed == "since" else None
        if told is None or told > months_after(event, INFORMED_LATE):
            plain = months_after(first, INFORMED_LATE)
        elif told > event:
            plain = told + timedelta(days=WITHDRAWAL)
        last = max(first, days.working_day(plain, *where))
    return last, [*(["informed_late"] if last > first else []), *(["working_day"] if last > plain else [])]


def delivery_claim(case: Case) -> Right:
    """Directive 2011/83/EU, Art. 18 and 20: within thirty days unless another day was agreed; the seller bears the risk
    until the goods are in the consumer's hands. What a carrier says to have delivered may be missed for sixty days."""
    code, came, promised = "delivery_claim", case.arrival.came, case.bought.promised
    late, gone = ("not_come_country", "not_here_country") if case.elsewhere else ("delivery", "risk")
    if not case.item.needs_shipping or not case.item.quantity:
        return case.closed(code, late, "nothing_left" if case.item.needs_shipping else "not_shipped_goods")
    if came is not None:
        return case.dated(code, gone, case.day(came) + timedelta(days=NOT_HERE), case.supposed)
    due = case.day(promised) if promised else case.day(case.bought.placed_at) + timedelta(days=TO_DELIVER)
    if case.now < days.end_of(due, case.bought.zone):
        return case.closed(code, late, "not_late", from_day=due + days.A_DAY)
    return Right(code=code, open=True, source=late)


def cancellation(case: Case) -> Right:
    """The shop's own: what has not been sent need not be sent."""
    why = ""
    if case.bought.state != "open" or not case.item.quantity:
        why = "nothing_left"
    elif not case.item.needs_shipping:
        why = "not_shipped_goods"
    elif not case.arrival.to_send:
        why = "sent"
    return Right(code="cancellation", open=not why, source="shop", why=why)


def return_(case: Case) -> Right:
    return _by_the_shop("return", case)


def exchange(case: Case) -> Right:
    return _by_the_shop("exchange", case)


def _by_the_shop(code: str, case: Case) -> Right:
    """So many days from the delivery of the line, as the shop promises; whole days, whichever they are."""
    reason, came, promised = case.excluded, case.arrival.came, case.promised
    if why := _not_by_the_shop(case):
        return case.closed(code, "shop", why, reason=reason if why == "excluded" else "", days=promised)
    notes = ("exempt_once",) if reason else ()
    if came is None:
        return Right(code=code, open=True, source="shop", reason=reason, notes=(*notes, "not_come"), days=promised)
    last = case.day(came) + timedelta(days=promised)
    return case.dated(code, "shop", last, (*notes, *case.supposed), reason=reason, days=promised)


def _not_by_the_shop(case: Case) -> str:
    if not case.item.quantity:
        return "nothing_left"
    if not case.item.needs_shipping:
        return "not_shipped_goods"
    exemption = exemptions.EXEMPTIONS.get(case.excluded)
    if case.excluded == exemptions.NOT_RETURNED or (exemption and not exemption.once):
        return "excluded"
    if not case.promised:
        return "no_window"
    return "" if case.arrival.sent else "begins_with_delivery"


STRONGEST = (withdrawal, guarantee, report, delivery_claim, cancellation, return_, exchange)
DATED = (withdrawal, guarantee, return_)  # what has a last day, and says it
