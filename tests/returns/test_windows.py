"""What can still be done with a line, and until when. Each row says where its answer comes from.

CRD: Directive 2011/83/EU. REG: Regulation (EEC, Euratom) No 1182/71. SGD: Directive (EU) 2019/771. R2R: Directive (EU)
2024/1799. House: what PRODUCT.md or the module's docstring decides where no law does.
"""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import Voice
from app.returns import cases, days, exemptions, windows, words
from app.returns.arrivals import Bought, Item, Parcel
from app.returns.cases import Right
from app.returns.rule_book import Exclusion, Rules, Window

pytestmark = pytest.mark.without_database

ZONE = "Europe/Paris"


def at(text: str) -> datetime:
    """“2026-11-23” is noon in Paris; a whole moment is as it is written."""
    moment = datetime.fromisoformat(text if "T" in text else f"{text}T11:00+00:00")
    return moment.astimezone(UTC)


def parcel(came: str | None, *lines: int, sent: str | None = None) -> Parcel:
    """Of one piece each of those lines; of none of them: the shop has not said what is in it."""
    return Parcel(at(came) if came else None, dict.fromkeys(lines, 1) if lines else None, at(sent) if sent else None)


def one(came: str | None = "2026-11-23", **about: Any) -> Bought:
    """A teapot for Lyon, ordered on 20 November 2026; it came on Monday 23, or is under way."""
    said: dict[str, Any] = {
        "placed_at": at("2026-11-20"), "items": [Item(1, 1, category="Kitchen", title="Teapot", sku="TEA-1")],
        "parcels": [parcel(came, 1)], "zone": ZONE, "country": "FR", **about,
    }  # fmt: skip
    return Bought(**said)


def rights(bought: Bought, rules: Rules, now: datetime, setting: str = "eu") -> list[Right]:
    """Of the first line."""
    return windows.of_all(bought, rules, withdrawing=setting, now=now)[0]


def right(code: str, bought: Bought, rules: Rules = Rules(), now: str = "2026-11-27", setting: str = "eu") -> Right:  # noqa: B008
    (it,) = [right for right in rights(bought, rules, at(now), setting) if right.code == code]
    return it


THREE = [Item(n, 1) for n in (1, 2, 3)]
LAST = {
    "CRD 9(2)(b): 14 days, REG 3(1): the day of delivery is not counted": (one(), "2026-12-07"),
    "CRD 9(2)(b)(i): the last good of several parcels": (
        one(items=THREE, parcels=[parcel("2026-11-23", 1), parcel("2026-11-25", 3), parcel("2026-11-24", 2)]), "2026-12-09",
    ),
    "CRD 9(2)(b)(ii): the last piece of a line": (
        one(items=[Item(1, 2)], parcels=[parcel("2026-11-23", 1), parcel("2026-11-26", 1)]), "2026-12-10",
    ),
    "CRD 9(2)(b)(i): what came last and has been refunded since was a good, too": (
        one(items=[Item(1, 1), Item(2, 0)], parcels=[parcel("2026-11-23", 1), parcel("2026-11-26", 2)]), "2026-12-10",
    ),
    "House: what was refunded and never sent is not waited for": (one(items=[Item(1, 1), Item(2, 0)]), "2026-12-07"),
    "House: what was refunded under way is not waited for": (
        one(items=[Item(1, 1), Item(2, 0)], parcels=[parcel("2026-11-23", 1), parcel(None, 2)]), "2026-12-07",
    ),
    "House: contents unknown, the shop says that all was sent": (
        one(items=THREE, parcels=[parcel("2026-11-23"), parcel("2026-11-25")], all_sent=True), "2026-12-09",
    ),
    "CRD 9(2)(b): goods beside a download wait for the goods only": (
        one(items=[Item(1, 1), Item(2, 1, needs_shipping=False)]), "2026-12-07",
    ),
    "CRD 9(2)(a), (c): a service or digital content, from the contract": (
        one(items=[Item(2, 1, needs_shipping=False), Item(1, 1)]), "2026-12-04",
    ),
    "REG 3(4): Saturday → Monday": (one("2026-11-21"), "2026-12-07"),
    "REG 3(4): Sunday → Monday": (one("2026-11-22"), "2026-12-07"),
    "REG 3(4): Christmas (Friday), and the weekend behind it": (one("2026-12-11"), "2026-12-28"),
    "REG 3(4): 26 December is a holiday in Germany, too (a Monday in 2022)": (one("2022-12-12", country="DE"), "2022-12-27"),
    "REG 3(4): and none in Portugal": (one("2022-12-12", country="PT"), "2022-12-26"),
    "House: of France, where the part is not known, also what Alsace celebrates": (one("2022-12-12"), "2022-12-27"),
    "REG 3(4): Good Friday to Easter Monday 2026 in Germany": (one("2026-03-20", country="DE"), "2026-04-07"),
    "REG 3(4): Orthodox Good Friday to Easter Monday 2026 in Greece": (one("2026-03-27", country="GR"), "2026-04-14"),
    "House: EL is Greece": (one("2026-03-27", country="EL"), "2026-04-14"),
    "REG 3(4): Corpus Christi 2026 in Bavaria": (one("2026-05-21", country="DE", region="Bayern"), "2026-06-05"),
    "REG 3(4): is none in Berlin": (one("2026-05-21", country="DE", region="DE-BE"), "2026-06-04"),
    "House: where the part of the country is not known, all of its days count": (one("2026-05-21", country="DE"), "2026-06-05"),
    "REG 3(4): Alsace has 26 December (a Monday in 2022)": (one("2022-12-12", region="Alsace"), "2022-12-27"),
    "REG 3(4): Norway's 17 May (a Monday in 2027)": (one("2027-05-03", country="NO"), "2027-05-18"),
    "House: of a country without a known calendar, weekends": (one("2026-11-21", country="XZ"), "2026-12-07"),
    "REG 3(2)(b): the day is the consumer's: 23:30 UTC is the next one in Paris": (one("2026-11-23T23:30+00:00"), "2026-12-08"),
    "REG 3(2)(b): and the same one in Lisbon": (one("2026-11-23T23:30+00:00", zone="Europe/Lisbon"), "2026-12-07"),
    "REG 3(2)(b): Kiritimati is 14 hours ahead": (one("2026-11-23T10:30+00:00", zone="Pacific/Kiritimati"), "2026-12-08"),
    "REG 3(2)(b): Honolulu ten behind": (one("2026-11-24T09:30+00:00", zone="Pacific/Honolulu"), "2026-12-07"),
    "REG 3(1), a leap year": (one("2028-02-15"), "2028-02-29"),
    "House: nothing heard for a year, counted from the last plausible day": (
        one(placed_at=at("2025-01-10"), parcels=[parcel(None, 1, sent="2025-01-13")]), "2026-01-27",
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", LAST)
def test_the_last_day_of_a_withdrawal(source: str) -> None:
    bought, last = LAST[source]
    found = right("withdrawal", bought, setting="on")
    assert found.until == date.fromisoformat(last)
    assert found.ends_at == days.end_of(found.until, bought.zone)
    assert found.open is (at("2026-11-27") < found.ends_at)


UNTOLD, SINCE = Rules(informed="no"), lambda day: Rules(informed="since", informed_since=date.fromisoformat(day))
INFORMED = {
    "CRD 10(1): 12 months from the end of the first period": (one(), UNTOLD, "2027-12-07"),
    "CRD 10(1), REG 3(4): the first period ends on the Monday": (one("2026-11-21"), UNTOLD, "2027-12-07"),
    "CRD 10(1), REG 3(2)(c): 29 February + 12 months is 28 February (a Wednesday)": (one("2028-02-15"), UNTOLD, "2029-02-28"),
    "CRD 10(1), REG 3(4): 26 + 12 months is a Saturday": (one("2026-06-12"), UNTOLD, "2027-06-28"),
    "CRD 10(2): 14 days from the information": (one(), SINCE("2027-03-01"), "2027-03-15"),
    "CRD 10(2), REG 3(4): ending on Easter Monday": (one(), SINCE("2027-03-15"), "2027-03-30"),
    "CRD 10(2): informed before it came, nothing is longer": (one(), SINCE("2026-11-22"), "2026-12-07"),
    "CRD 10(2): informed on the day it came": (one(), SINCE("2026-11-23"), "2026-12-07"),
    "CRD 10(2): informed the day after": (one(), SINCE("2026-11-24"), "2026-12-08"),
    "CRD 10(2): informed on the last day of the twelve months": (one(), SINCE("2027-11-23"), "2027-12-07"),
    "CRD 10(1): informed later than that, it is too late to shorten anything": (one(), SINCE("2027-11-24"), "2027-12-07"),
    "CRD 10(1): also of a contract about a download": (
        one(items=[Item(1, 1, needs_shipping=False)]), UNTOLD, "2027-12-06",
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", INFORMED)
def test_a_withdrawal_of_which_nobody_was_told(source: str) -> None:
    bought, rules, last = INFORMED[source]
    assert right("withdrawal", bought, rules).until == date.fromisoformat(last)


def test_twelve_months_from_a_leap_day_ends_on_the_last_of_february() -> None:
    """REG 3(2)(c)."""
    assert days.months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert days.months_after(date(2028, 2, 29), 24) == date(2030, 2, 28)
    assert days.months_after(date(2028, 2, 29), 48) == date(2032, 2, 29)
    assert days.months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_months_never_leave_their_month(day: date, count: int) -> None:
    found = days.months_after(day, count)
    assert (found.year - day.year) * 12 + found.month - day.month == count
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from(sorted(days.EEA)))
def test_a_period_ends_on_a_working_day_less_than_two_weeks_later(day: date, country: str) -> None:
    found = days.working_day(day, country)
    assert found.weekday() < 5
    assert day <= found < day + timedelta(days=14)
    assert found == days.working_day(found, country)


NO_END = {
    "House: under way": one(None),
    "CRD 9(2)(b)(i): one of two parcels is still to come": one(
        items=THREE[:2], parcels=[parcel("2026-11-23", 1), parcel(None, 2)]
    ),
    "CRD 9(2)(b)(i): a line is still to be sent": one(items=THREE[:2], parcels=[parcel("2026-11-23", 1)]),
    "CRD 9(2)(b)(ii): a piece of a line is still to be sent": one(items=[Item(1, 2)]),
    "CRD 9(1): from the contract on, nothing is sent": one(parcels=[]),
    "House: a parcel of unknown contents, and the shop has not said that it is all": one(parcels=[parcel("2026-11-23")]),
    "House: a year less a day after it was sent": one(
        placed_at=at("2025-11-28"), parcels=[parcel(None, 1, sent="2025-11-28")]
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", NO_END)
def test_a_withdrawal_without_an_end_so_far_is_open(source: str) -> None:
    found = right("withdrawal", NO_END[source])
    assert (found.open, found.until, found.ends_at, found.notes) == (True, None, None, ("not_come",))
    assert right("withdrawal", NO_END[source], UNTOLD).until is None


EDGES = {
    "REG 3(2)(b): Paris, winter": (one(), "2026-12-07T22:59:59.999999+00:00"),
    "REG 3(2)(b): Paris, summer": (one("2026-06-08"), "2026-06-22T21:59:59.999999+00:00"),
    "REG 3(2)(b): summer time ends in between": (one("2026-10-16"), "2026-10-30T22:59:59.999999+00:00"),
    "REG 3(2)(b): summer time begins in between": (one("2026-03-17"), "2026-03-31T21:59:59.999999+00:00"),
    "REG 3(2)(b): Kiritimati": (one(zone="Pacific/Kiritimati"), "2026-12-08T09:59:59.999999+00:00"),
    "REG 3(2)(b): Lisbon": (one(zone="Europe/Lisbon"), "2026-12-07T23:59:59.999999+00:00"),
    "REG 3(2)(b): a day that begins at one o'clock (Cairo, 24 April 2026)": (
        one("2026-04-09T09:00+00:00", zone="Africa/Cairo", country=""), "2026-04-23T21:59:59.999999+00:00",
    ),
    "House: a zone that nobody knows is UTC": (one(zone="Mars/Olympus"), "2026-12-07T23:59:59.999999+00:00"),
}  # fmt: skip


@pytest.mark.parametrize("source", EDGES)
def test_to_the_last_instant_and_not_one_longer(source: str) -> None:
    bought, last = EDGES[source]
    ends = right("withdrawal", bought, setting="on").ends_at
    assert ends == at(last) + timedelta(microseconds=1)
    for moment, is_open in (
        (at(last), True),
        (ends, False),
        (ends - timedelta(seconds=1), True),
        (ends + timedelta(seconds=1), False),
    ):
        found = next(it for it in rights(bought, Rules(withdrawal="on"), moment) if it.code == "withdrawal")
        assert (found.open, found.why) == ((True, "") if is_open else (False, "over"))


WHERE = {
    "setting eu: France": ("eu", "FR", ""), "setting eu: Iceland is in the EEA": ("eu", "IS", ""),
    "setting eu: Réunion is in the EU (TFEU 355(1))": ("eu", "RE", ""), "setting eu: Greece": ("eu", "gr", ""),
    "setting eu: Greece by the EU's own code": ("eu", "EL", ""),
    "setting eu: Switzerland": ("eu", "CH", "outside_eu"), "setting eu: United Kingdom": ("eu", "GB", "outside_eu"),
    "setting eu: New Caledonia is not (TFEU 355(2))": ("eu", "NC", "outside_eu"),
    "House: a country that nobody knows may be one of the EU": ("eu", "", ""),
    "setting on: everybody": ("on", "US", ""), "setting off: nobody": ("off", "FR", "not_offered"),
}  # fmt: skip


@pytest.mark.parametrize("source", WHERE)
def test_for_whom_there_is_a_withdrawal(source: str) -> None:
    setting, country, why = WHERE[source]
    found = right("withdrawal", one(country=country), setting=setting)
    assert (found.why, found.open) == (why, not why)
    assert right("withdrawal", one(country=country), Rules(withdrawal=setting), setting="off").why == why


def test_an_operator_who_switches_it_off_does_not_take_the_guarantee() -> None:
    """SGD 21(1): the guarantee is mandatory."""
    assert right("guarantee", one(), setting="off").open
    assert right("guarantee", one(country="US"), setting="eu").why == "outside_eu"
    assert right("guarantee", one(country="US"), setting="on").open


ABROAD = {
    "House: two years, as long as in the EU": (one(), Rules(), "2028-11-23", ""),
    "shop: or its own days where these are more": (one(), Rules(default_days=1_000), "2029-08-19", ""),
    "House: and not longer": (one("2024-11-26", placed_at=at("2024-11-20")), Rules(), "2026-11-26", "over"),
    "House: whoever has it need not wait for the carrier's word": (one(None), Rules(), None, ""),
    "House: nothing was sent": (one(parcels=[]), Rules(), None, "begins_with_delivery"),
    "House: also a download": (one(items=[Item(1, 1, needs_shipping=False)]), Rules(), "2028-11-20", ""),
}  # fmt: skip


@pytest.mark.parametrize("country", ["GB", "CH", "US"])
@pytest.mark.parametrize("source", ABROAD)
def test_where_no_guarantee_is_known_what_is_wrong_can_be_reported(source: str, country: str) -> None:
    bought, rules, last, why = ABROAD[source]
    found = right("report", msgspec.structs.replace(bought, country=country), rules)
    assert (found.until and found.until.isoformat(), found.why) == (last, why)
    assert "report" not in {it.code for it in rights(bought, rules, at("2026-11-27"))}, "in France there is a guarantee"


@pytest.mark.parametrize("bought", [one(), one(None), one(parcels=[]), one(parcels=[], placed_at=at("2026-10-01"))])
@pytest.mark.parametrize("country", ["GB", "CH", "US"])
def test_no_law_of_the_eu_is_named_to_who_lives_elsewhere(bought: Bought, country: str) -> None:
    bought = msgspec.structs.replace(bought, country=country)
    told = cases.told(rights(bought, Rules(), at("2026-11-27")))
    assert [it.code for it in told if it.code in ("guarantee", "report")] == ["report"]
    for it in told:
        for voice in (Voice("en"), Voice("fr", ZONE)):
            said = " ".join([words.source(it, voice), words.counted(it, voice), *words.notes(it, voice)])
            assert not re.search("EU law|irective|èglement|droit de l’UE|Regulation", said), said


def test_a_law_that_the_shop_applies_to_everybody_is_said_to_be_that() -> None:
    (first, *_) = rights(one(country="US"), Rules(withdrawal="on"), at("2026-11-27"))
    assert (first.code, first.open, first.notes) == ("withdrawal", True, ("applied",))
    assert "applied" not in right("withdrawal", one(), setting="on").notes


@pytest.mark.parametrize("reason", exemptions.EXEMPTIONS)
def test_what_article_16_takes_out(reason: str) -> None:
    """CRD 16: what has not happened yet takes nothing out: (a), (e), (f), (i) and (m) say “once”."""
    rules = Rules(exclusions=(Exclusion(patterns=("kitchen",), reason=reason),))
    found, once = right("withdrawal", one(), rules), exemptions.EXEMPTIONS[reason].letter in "aefim"
    assert found.reason == reason
    assert (found.open, found.why) == ((True, "") if once else (False, "exempt"))
    for voice in (Voice("en"), Voice("fr")):
        said = "".join(words.notes(found, voice)) if once else words.why(found, voice)
        assert exemptions.words(reason, voice) in said
        assert re.search(rf"2011/83/(EU, Art\. 16\(|UE, art\. 16, point ){exemptions.EXEMPTIONS[reason].letter}\)", said)


def test_what_is_exempt_still_has_its_guarantee() -> None:
    """CRD 16 is about the withdrawal only; SGD 10 knows no such goods."""
    rules = Rules(
        exclusions=(Exclusion(patterns=("*",), reason="made_to_measure"), Exclusion(patterns=("kitchen",), reason="perishable"))
    )
    assert right("guarantee", one(), rules).open
    assert right("return", one(), Rules(exclusions=(Exclusion(patterns=("kitchen",), reason="perishable"),))).why == "excluded"


def test_what_only_the_shop_does_not_take_back_can_be_withdrawn_from() -> None:
    """CRD 25: rules of the shop's take nothing of the law away."""
    rules = Rules(exclusions=(Exclusion(patterns=("kitchen",), reason=exemptions.NOT_RETURNED),), default_days=0)
    found = {it.code: it for it in rights(one(), rules, at("2026-11-27"))}
    assert (found["withdrawal"].open, found["withdrawal"].reason) == (True, "")
    assert {found["return"].why, found["exchange"].why} == {"excluded"}


REPAIRED = [Item(1, 1, repaired_at=at("2027-05-03"))]
GUARANTEED = {
    "SGD 10(1): two years from the delivery": (one(), "2028-11-23"),
    "SGD 10(1): of this item, not of the last": (
        one(items=THREE[:2], parcels=[parcel("2026-11-23", 1), parcel("2026-11-26", 2)]), "2028-11-23",
    ),
    "SGD 10(1), REG 3(2)(c): from a leap day": (one("2028-02-29"), "2030-02-28"),
    "House: ends on a Saturday: a defect may show on one": (one("2026-11-25"), "2028-11-25"),
    "SGD 10(2a) (R2R 16): 12 months more after a repair": (one(items=REPAIRED), "2029-11-23"),
    "R2R 22: of contracts since 31 July 2026": (one(items=REPAIRED, placed_at=at("2026-07-30T21:59:59+00:00")), "2028-11-23"),
    "R2R 22: from its first instant in Paris on": (
        one(items=REPAIRED, placed_at=at("2026-07-30T22:00:00+00:00")), "2029-11-23",
    ),
    "SGD 10(2a): a repair after the guarantee prolongs nothing": (
        one(items=[Item(1, 1, repaired_at=at("2028-11-24"))]), "2028-11-23",
    ),
    "SGD 10(2a): one on its last day does": (one(items=[Item(1, 1, repaired_at=at("2028-11-23"))]), "2029-11-23"),
    "(EU) 2019/770, 11(2): digital content, from its supply": (one(items=[Item(1, 1, needs_shipping=False)]), "2028-11-20"),
}  # fmt: skip


@pytest.mark.parametrize("source", GUARANTEED)
def test_the_last_day_of_the_guarantee(source: str) -> None:
    bought, last = GUARANTEED[source]
    found = right("guarantee", bought)
    assert (found.open, found.until) == (True, date.fromisoformat(last))


def test_a_guarantee_begins_with_the_delivery() -> None:
    assert right("guarantee", one(parcels=[])).why == "begins_with_delivery"
    assert right("guarantee", one(None)).open  # House: whoever has it need not wait for the carrier's word


CLAIMS = {
    "CRD 18(1): within 30 days": (one(None), False, "not_late", "2026-12-21"),
    "CRD 18(1): unless another day was agreed": (one(None, promised=at("2026-11-25")), True, "", None),
    "CRD 18(1): that day itself is in time": (one(None, promised=at("2026-11-27")), False, "not_late", "2026-11-28"),
    "CRD 18(1): nothing was sent for 30 days": (one(parcels=[], placed_at=at("2026-10-27")), True, "", None),
    "CRD 20: “delivered”, and not there": (one(), True, "", None),
    "House: nor for 60 days after it": (one("2026-09-27", placed_at=at("2026-09-20")), False, "over", None),
    "House: a download does not come by parcel": (
        one(items=[Item(1, 1, needs_shipping=False)]), False, "not_shipped_goods", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", CLAIMS)
def test_when_what_never_came_can_be_claimed(source: str) -> None:
    bought, is_open, why, begins = CLAIMS[source]
    found = right("delivery_claim", bought)
    assert (found.open, found.why, found.from_day and found.from_day.isoformat()) == (is_open, why, begins)


SHOPS = {
    "shop: its own days, from the delivery of the line": (one(), Rules(default_days=28), "2026-12-21", ""),
    "shop: not of the order's last": (
        one(items=THREE[:2], parcels=[parcel("2026-11-23", 1), parcel(None, 2)]), Rules(default_days=28), "2026-12-21", "",
    ),
    "shop: whole days, also a Sunday": (one("2026-11-22"), Rules(default_days=14), "2026-12-06", ""),
    "shop: the first window that fits": (
        one(), Rules(windows=(Window(patterns=("sku:TEA-*",), days=5), Window(patterns=("kitchen",), days=9))),
        "2026-11-28", "",
    ),
    "shop: none for a category": (one(), Rules(windows=(Window(patterns=("KITCHEN",), days=0),)), None, "no_window"),
    "shop: over": (one("2026-11-12"), Rules(), "2026-11-26", "over"),
    "shop: its last day": (one("2026-11-13"), Rules(), "2026-11-27", ""),
    "shop: under way, it has no end yet": (one(None), Rules(), None, ""),
    "shop: not before it is sent": (one(parcels=[]), Rules(), None, "begins_with_delivery"),
    "shop: nothing left": (one(items=[Item(1, 0)]), Rules(), None, "nothing_left"),
}  # fmt: skip


@pytest.mark.parametrize("source", SHOPS)
@pytest.mark.parametrize("code", ["return", "exchange"])
def test_the_shops_own_window(code: str, source: str) -> None:
    bought, rules, last, why = SHOPS[source]
    found = right(code, bought, rules)
    assert (found.until and found.until.isoformat(), found.why, found.open) == (last, why, not why)
    assert found.days == rules.days(bought.items[0])


CANCELLED = {
    "shop: not sent": (one(parcels=[]), ""),
    "shop: one of two is not sent": (one(items=[Item(1, 2)]), ""),
    "shop: sent": (one(None), "sent"),
    "shop: all sent, contents unknown": (one(parcels=[parcel(None)], all_sent=True), "sent"),
    "shop: closed": (one(parcels=[], state="closed"), "nothing_left"),
    "shop: refunded": (one(items=[Item(1, 0)], parcels=[]), "nothing_left"),
    "shop: a download is not sent": (one(items=[Item(1, 1, needs_shipping=False)], parcels=[]), "not_shipped_goods"),
}  # fmt: skip


@pytest.mark.parametrize("source", CANCELLED)
def test_what_can_be_cancelled(source: str) -> None:
    bought, why = CANCELLED[source]
    found = right("cancellation", bought)
    assert (found.why, found.open) == (why, not why)


STRENGTH = ["withdrawal", "guarantee", "delivery_claim", "cancellation", "return", "exchange"]


@pytest.mark.parametrize("now", ["2026-11-20T12:00+00:00", "2026-11-27", "2026-12-09", "2027-03-01", "2031-01-01"])
@pytest.mark.parametrize("bought", [one(), one(None), one(parcels=[])])
def test_the_strongest_right_comes_first_and_every_one_is_there_once(bought: Bought, now: str) -> None:
    """PRODUCT.md, promise 5."""
    found = rights(bought, Rules(default_days=30), at(now))
    assert sorted(it.code for it in found) == sorted(STRENGTH)
    for several in ([it for it in found if it.open], [it for it in found if not it.open]):
        assert all(STRENGTH.index(a.code) < STRENGTH.index(b.code) for a, b in pairwise(several))
    assert found == sorted(found, key=lambda it: not it.open)


@given(
    st.lists(st.tuples(st.none() | st.integers(0, 900), st.none() | st.sets(st.integers(1, 3))), max_size=4),
    st.lists(st.integers(0, 2), min_size=1, max_size=3), st.booleans(), st.integers(0, 2000),
    st.sampled_from(["", "FR", "DE", "US", "EL"]), st.sampled_from([ZONE, "Pacific/Kiritimati", "America/St_Johns", ""]),
    st.sampled_from(["yes", "no"]),
)  # fmt: skip
def test_whatever_is_known_of_an_order_each_right_can_be_said(
    parcels: list[tuple[int | None, set[int] | None]], quantities: list[int], all_sent: bool, after: int, country: str,
    zone: str, informed: Any,
) -> None:  # fmt: skip
    """No right without a reason or with an end that it does not keep; every key has its words in both languages."""
    placed = at("2024-02-15")
    sent = [
        Parcel(None if came is None else placed + timedelta(days=came), None if held is None else dict.fromkeys(held, 1))
        for came, held in parcels
    ]
    items = [Item(n, quantity) for n, quantity in enumerate(quantities, 1)]
    bought = Bought(placed, items, sent, zone, country, all_sent=all_sent)
    now = placed + timedelta(days=after)
    for several in windows.of_all(bought, Rules(informed=informed), withdrawing="eu", now=now):
        for it in several:
            assert it.open is (not it.why)
            assert (it.until is None) is (it.ends_at is None)
            assert it.ends_at is None or it.open is (now < it.ends_at)
            for voice in (Voice("en"), Voice("fr", ZONE)):
                assert all(
                    [words.title(it.code, voice), words.when(it, voice), words.counted(it, voice), *words.notes(it, voice)]
                )
                assert bool(words.source(it, voice)) is (it.why != "outside_eu")
                assert bool(words.why(it, voice)) is not it.open
                assert not it.open or words.short(it, voice)
