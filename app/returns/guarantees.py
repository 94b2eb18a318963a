"""What can be asked of the seller for a thing that is not as it was sold: the guarantee of the law, where that is known;
elsewhere it is reported, and the seller decides. Facts in, rights out; nothing is read here.
"""

from datetime import date, timedelta

from app.returns.cases import Case, Right
from app.returns.days import months_after

GUARANTEE, REPAIRED = 24, 12  # months
REPAIRS_COUNT_FROM = date(2026, 7, 31)  # contracts since then (Directive (EU) 2024/1799, Art. 21 and 22)
REPORTED = 24  # months: House, as long as the guarantee of the EU


def guarantee(case: Case) -> Right:
    """Directive (EU) 2019/771, Art. 10(1): what shows within two years of the delivery. Twelve months more, once, after a
    repair under the guarantee (Art. 10(2a), put in by Directive (EU) 2024/1799, Art. 16). No working day is waited for: a
    defect may show on a Sunday."""
    code, source = "guarantee", "guarantee" if case.item.needs_shipping else "guarantee_digital"
    came, sent = case.arrival.came, case.arrival.sent
    if why := case.elsewhere if case.item.quantity else "nothing_left":
        return case.closed(code, source, why)
    if came is None and not sent:
        return case.closed(code, source, "begins_with_delivery")
    if came is None:
        return Right(code=code, open=True, source=source, notes=("not_come",))
    last = months_after(case.day(came), GUARANTEE)
    notes = case.supposed
    if _repaired_within(case, last):
        last, notes = months_after(case.day(came), GUARANTEE + REPAIRED), (*notes, "repaired")
    return case.dated(code, source, last, notes)


def report(case: Case) -> Right | None:
    """In place of a guarantee that is not known: where somebody lives whose law is not known here. The shop's own window counts
    where it is longer."""
    if not case.item.quantity or not case.elsewhere:
        return None
    code, came = "report", case.arrival.came
    if came is None and not case.arrival.sent:
        return case.closed(code, "country", "begins_with_delivery")
    if came is None:
        return Right(code=code, open=True, source="country", notes=("not_come",))
    last = max(months_after(case.day(came), REPORTED), case.day(came) + timedelta(days=case.promised))
    return case.dated(code, "country", last, case.supposed)


def _repaired_within(case: Case, last: date) -> bool:
    at = case.item.repaired_at
    return at is not None and case.day(case.bought.placed_at) >= REPAIRS_COUNT_FROM and case.day(at) <= last
