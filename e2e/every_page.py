"""Every page of the counter and how to get there, in the states that look different. What is counted by account or
address is done by somebody new each time.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from playwright.sync_api import Page, expect

from e2e import asking, guarded_pages, parcels, steps, withdrawals
from e2e.counter import Counter

Opening = Callable[[Page, Counter], None]
_asker = count()


def _at(path: str) -> Opening:
    def opening(page: Page, _counter: Counter) -> None:
        page.goto(path)
        _spending(page)

    return opening


def _first(path: str, link: str) -> Opening:
    """What the first of these links leads to."""

    def opening(page: Page, _counter: Counter) -> None:
        page.goto(path)
        page.locator(link).first.click()
        expect(page.locator(".bubbles")).to_be_visible()

    return opening


def _whole(page: Page, counter: Counter) -> None:
    """All of a conversation, for paper."""
    _first("/inbox", ".threads h3 a")(page, counter)
    page.goto(f"{page.url.partition('#')[0]}/print")


def _health(page: Page, _counter: Counter) -> None:
    """Looked into, the report unfolded; without a worker, as in most tests."""
    page.goto("/app-health")
    expect(page.locator("app-health[data-looked]")).to_be_visible()
    page.locator("details.changes summary").click()


def _code(page: Page, _counter: Counter) -> None:
    steps.ask_for_code(page, f"page-{next(_asker)}@example.com")


def _wrong_code(page: Page, counter: Counter) -> None:
    _code(page, counter)
    steps.enter_code(page, "12345")
    expect(page.locator("#code-error")).to_be_visible()


def _wrong_password(page: Page, _counter: Counter) -> None:
    page.goto("/sign-in/password")
    page.locator("#email").fill(f"page-{next(_asker)}@example.com")
    page.locator("#password").fill("not the right one")
    page.locator("#main .form button.first").click()
    expect(page.locator("#password-error")).to_be_visible()


def _shown_password(page: Page, _counter: Counter) -> None:
    page.goto("/sign-in/password")
    page.locator("#password").fill("four words of some length")
    page.locator("reveal-password button").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")


def _link_sent(page: Page, _counter: Counter) -> None:
    steps.ask_for_link(page, f"page-{next(_asker)}@example.com")


def _new_password(page: Page, counter: Counter) -> None:
    email = counter.newcomer()
    steps.ask_for_link(page, email)
    page.goto(counter.link_mailed(email, "/sign-in/password/new/"))


def _weak_password(page: Page, counter: Counter) -> None:
    _new_password(page, counter)
    page.locator("#new_password").fill("neuf1987")
    expect(page.locator("#strength")).to_be_visible()


def _refused_password(page: Page, counter: Counter) -> None:
    _new_password(page, counter)
    page.locator("#new_password").fill("teapot1987")
    page.locator("#main .form button.first").click()
    expect(page.locator("#new_password-error")).to_be_visible()


def _own_password(page: Page, counter: Counter) -> None:
    """It wants a fresh proof: a session of an hour ago is left for a new one."""
    page.goto("/account/password")
    if "/account/proof" in page.url:
        page.context.add_cookies([{"name": "session", "value": counter.session("alice@example.com"), "url": counter.url}])
        page.goto("/account/password")
    page.locator("#new_password").fill("four words of some length")
    expect(page.locator("#strength")).to_be_visible()


def _link(page: Page, counter: Counter) -> None:
    page.goto(counter.link("bob@example.com").removeprefix(counter.url))


def _signed_out_elsewhere(page: Page, counter: Counter) -> None:
    page.context.add_cookies([{"name": "session", "value": "ended-on-another-browser", "url": counter.url}])
    page.goto("/orders")
    expect(page.locator(".notice")).to_be_visible()


def _devices(page: Page, counter: Counter) -> None:
    """Another session beside this one."""
    counter.session("alice@example.com")
    page.goto("/account/devices")
    expect(page.locator("form[action$='/ending']").first).to_be_visible()


def _mail(page: Page, counter: Counter) -> None:
    _code(page, counter)
    page.goto("/dev/mail")
    page.locator("#main a[href^='/dev/mail/']").first.click()
    page.wait_for_url("**/dev/mail/**")


def _menus(page: Page, _counter: Counter) -> None:
    """The sheet of filters with the money in it on a phone, the account's menu on a desktop."""
    page.goto("/orders?state=delivered")
    steps.open_filters(page)
    _spending(page)
    if page.locator(".account-button").is_visible():
        page.locator(".account-button").click()
        expect(page.locator("#account-menu")).to_be_visible()


def _spending(page: Page) -> None:
    """It comes when it is rolled to."""
    if page.locator("#spending").is_visible():
        page.locator("#spending").scroll_into_view_if_needed()
        expect(page.locator("#spending .spending")).to_be_visible()


def _put_away(page: Page, _counter: Counter) -> None:
    """A line with an undo between the cards, and the undo taken."""
    page.goto("/orders")
    page.locator(".order-card form button").nth(1).click()
    expect(page.locator(".put-away")).to_be_visible()


def _undo(page: Page) -> None:
    page.locator(".put-away button").click()
    expect(page.locator(".put-away")).to_have_count(0)


def _review(page: Page, _counter: Counter) -> None:
    page.goto("/orders/A-10477/reviews")
    page.locator("main a.row").first.click()
    expect(page.locator("input[name=rating]")).to_have_count(5)


def _reported(page: Page, _counter: Counter) -> None:
    page.goto("/sellers/atelier-nord")
    page.locator(".review a[href$='/report']").first.click()
    expect(page.locator("input[name=why]").first).to_be_visible()


def _objected(page: Page, counter: Counter) -> None:
    """Somebody new, to whom a return was declined."""
    email = asking.came(counter)
    code, *_others = counter.beside("asked_each", email=email)
    counter.beside("decided", code=code, clause="used", answer="There is tea in it.")
    page.context.clear_cookies()
    steps.use_link(page, counter.link(email))
    page.goto(f"/returns/{code}/objection")


def _proved(path: str) -> Opening:
    """Somebody new, who has signed in a moment ago: the page asks for no proof."""

    def opening(page: Page, counter: Counter) -> None:
        page.context.clear_cookies()
        steps.use_link(page, counter.link(counter.newcomer()))
        page.goto(path)

    return opening


def _email_waits(page: Page, counter: Counter) -> None:
    _proved("/account/email")(page, counter)
    page.locator("#email").fill(f"page-{next(_asker)}@example.com")
    page.locator("#main .form button").first.click()
    expect(page.locator("#waiting")).to_be_visible()


def _new_email(page: Page, counter: Counter) -> None:
    """Opened by whoever has the new mailbox."""
    email = f"page-{next(_asker)}@example.com"
    _proved("/account/email")(page, counter)
    page.locator("#email").fill(email)
    page.locator("#main .form button").first.click()
    link = counter.link_mailed(email, "/new-email/")
    page.goto("about:blank")  # the page before would open its stream as nobody
    page.context.clear_cookies()
    page.goto(link)


def _unsubscribe(page: Page, counter: Counter) -> None:
    """From the mail about an order of a moment ago."""
    email = counter.newcomer(placed_at=datetime.now(UTC).isoformat())
    page.goto(counter.link_mailed(email, "/unsubscribe/"))


def _unreachable(path: str) -> Opening:
    """Somebody new, whose mailbox has refused our mails."""

    def opening(page: Page, counter: Counter) -> None:
        email = counter.newcomer()
        counter.change(
            "INSERT INTO mail_bounces (customer, email, said, since) SELECT id, email, "
            f"'550 5.1.1 <{email}>: Recipient address rejected: User unknown in virtual mailbox table', created_at "
            f"FROM customers WHERE email = '{email}'"
        )
        page.context.clear_cookies()
        steps.use_link(page, counter.link(email))
        page.goto(path)
        expect(page.locator("#unreachable")).to_be_visible()

    return opening


def _unsubscribed(page: Page, counter: Counter) -> None:
    _unsubscribe(page, counter)
    page.locator("#main form button").click()
    expect(page.locator("form[action$='/return']")).to_be_visible()


def _phone(page: Page, counter: Counter) -> None:
    """A landline, with no code to wait for."""
    _proved("/account/phone")(page, counter)
    page.locator("#phone").fill("+33 1 23 45 67 89")
    page.locator("#main form.form button").first.click()
    expect(page.locator("#number")).to_be_visible()


def _phone_code(page: Page, counter: Counter) -> None:
    _proved("/account/phone")(page, counter)
    page.locator("#phone").fill(f"+33 6 12 34 5{next(_asker):03d}")
    page.locator("#main form.form button").first.click()
    page.wait_for_url("**/account/phone/confirmation")


def _the(query: str, text: str) -> Opening:
    def opening(page: Page, _counter: Counter) -> None:
        page.goto(steps.find_order(page, query, text))

    return opening


def _money(page: Page, _counter: Counter) -> None:
    page.goto(f"{steps.find_order(page, '?state=returned', '')}/money")


def _of_parcel(page_of: str) -> Opening:
    """A page of some parcel of hers that is under way, or came lately."""

    def opening(page: Page, _counter: Counter) -> None:
        page.goto("/arrivals")
        href = page.locator(".arrival.info a[download]").first.get_attribute("href") or ""
        if page_of == "missing":
            href = page.locator(".arrivals.arrived a[href$='/missing']").first.get_attribute("href") or ""
        page.goto(f"{href.rpartition('/')[0]}/{page_of}")

    return opening


def _link_made(page: Page, counter: Counter) -> None:
    _of_parcel("links")(page, counter)
    while page.locator("form[action$='/revocation'] button").count():
        page.locator("form[action$='/revocation'] button").first.click()
        page.wait_for_load_state()
    page.locator("#label").fill("Ms Roux")
    page.locator("#main .form button.first").click()
    expect(page.locator("#link")).to_be_visible()


def _handed(page: Page, counter: Counter) -> None:
    """What the neighbour sees, who is signed in nowhere; here, whoever looks."""
    _link_made(page, counter)
    page.goto("/parcels/" + page.locator("#link").inner_text().rpartition("/")[2])


def _notifications(page: Page, counter: Counter) -> None:
    """One that needs something and is unread, one that was read; a reason unfolded."""
    counter.happens("shipment_delivered", "alice@example.com", '{"signed_by": "A. Martin"}')
    counter.happens("shipment_attempt_failed", "alice@example.com", '{"reason": "consignee_not_home"}')
    # A sign-in of theirs elsewhere may be told of meanwhile.
    steps.news_arrives(page, 2, "/orders/").nth(1).click()
    page.wait_for_url("**/orders/**")
    page.goto("/notifications")
    page.locator("#notifications summary").first.click()


def _hours_refused(page: Page, _counter: Counter) -> None:
    page.goto("/account/notifications")
    page.locator("[name=quiet]").check()
    page.locator("#quiet_until").fill(page.locator("#quiet_from").input_value())
    page.locator("#main form button.first").click()
    expect(page.locator("#quiet_from-error")).to_be_visible()


def _parcel(*told: Callable[[Counter, str], None]) -> Opening:
    """The order of somebody new, whose parcel's carrier has told something."""

    def opening(page: Page, counter: Counter) -> None:
        email = parcels.bought(counter)
        for verb in told:
            verb(counter, email)
        page.context.clear_cookies()
        steps.use_link(page, counter.link(email))
        page.goto("/orders/1")
        for fold in page.locator(".parcel .rest summary").all():
            fold.click()

    return opening


def _declaration(page: Page, _counter: Counter) -> None:
    """The second step, of words that fill it."""
    email = f"page-{next(_asker)}@example.com"
    withdrawals.to_second_step(page, email, contract="the blue teapot, ordered in November", items="only the lid\nnot the cup")


def _declaration_refused(page: Page, _counter: Counter) -> None:
    withdrawals.fill_in(page, "nina@example.com", seller="")
    expect(page.locator("#seller-error")).to_be_visible()


def _declared(page: Page, _counter: Counter) -> None:
    withdrawals.declare(page, f"page-{next(_asker)}@example.com")


def _declaration_link(page: Page, counter: Counter) -> None:
    page.goto(withdrawals.link(page, counter))


def _asking(path: str, *more: Callable[[Page], None]) -> Opening:
    """Of the order of somebody new, which came three days ago: under its address, `path`, and what is done there."""

    def opening(page: Page, counter: Counter) -> None:
        email = asking.came(counter)
        page.context.clear_cookies()
        steps.use_link(page, counter.link(email))
        page.goto(f"/orders/1/{path}")
        for verb in more:
            verb(page)

    return opening


def _item(page: Page) -> None:
    page.locator("main a.row").first.click()
    expect(page.locator(".answer").first).to_be_visible()


def _looked_at(page: Page) -> None:
    asking.choose(page, "Cup")
    asking.go_on(page)


def _photo_refused(page: Page) -> None:
    _looked_at(page)
    page.locator("#photos").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    page.locator("#asking .button.first").click()
    expect(page.locator("#photos-error")).to_be_visible()


def _photos(page: Page) -> None:
    _looked_at(page)
    page.locator("#photos").set_input_files(asking.small_photo())
    page.goto(f"/returns/{asking.send(page)}/photos")


def _paid_back(path: str) -> Opening:
    """Of somebody new, whose return is agreed to and whose money was sent; `{}` is the return's code."""

    def opening(page: Page, counter: Counter) -> None:
        email = asking.came(counter)
        code = counter.beside("paid_back", email=email, reference="VIR 2026-11-27 118")
        page.context.clear_cookies()
        steps.use_link(page, counter.link(email))
        page.goto(path.format(code))
        for fold in page.locator("details.changes summary").all():
            fold.click()

    return opening


PUBLIC: dict[str, Opening] = {
    "sign-in": _at("/sign-in"),
    "code": _code,
    "code-wrong": _wrong_code,
    "password": _at("/sign-in/password"),
    "password-wrong": _wrong_password,
    "password-shown": _shown_password,
    "password-forgotten": _at("/sign-in/password/forgotten"),
    "password-link-sent": _link_sent,
    "password-new": _new_password,
    "password-new-weak": _weak_password,
    "password-new-refused": _refused_password,
    "password-new-over": _at("/sign-in/password/new/over"),
    "link": _link,
    "link-over": _at("/sign-in/link/over"),
    "signed-out-elsewhere": _signed_out_elsewhere,
    "is-this-from-us": _at("/is-this-from-us"),
    "return-code": _at("/return-code/R-7K3F9QXM"),
    "new-email": _new_email,
    "new-email-over": _at("/new-email/over"),
    "choices-unreachable": _unreachable("/account/notifications"),
    "unsubscribe": _unsubscribe,
    "unsubscribed": _unsubscribed,
    "withdrawal": _at("/withdrawal"),
    "withdrawal-refused": _declaration_refused,
    "withdrawal-confirm": _declaration,
    "withdrawal-sent": _declared,
    "withdrawal-link": _declaration_link,
    "withdrawal-acknowledged": withdrawals.acknowledged,
    "withdrawal-in-words": withdrawals.in_words,
    "withdrawal-items": withdrawals.items,
    "withdrawal-link-over": _at("/withdrawal/over"),
    "help": _at("/help"),
    "mails": _at("/dev/mail"),
    "mail": _mail,
    "not-there": _at("/nowhere"),
}
SIGNED_IN: dict[str, Opening] = {
    "orders": _at("/orders"),
    "orders-menus": _menus,
    "orders-put-away": _put_away,
    "orders-none-found": _at("/orders?q=zzzz&period=2025"),
    "orders-archive-empty": _at("/orders?archived=yes"),
    "orders-older-page": _at("/orders?before=1750000000000000-1"),
    "order-one-parcel": _at("/orders/A-10482"),
    "rights": _at("/orders/A-10477/rights"),
    "order-money": _money,
    "order-needs-you": _at("/orders/20417.hifi-lambert"),
    "order-64-lines": _the("?shown=200", "+6"),
    "order-cancelled": _the("?state=cancelled", ""),
    "order-returned": _the("?state=returned", ""),
    "order-mismatch": _the("?q=Terre+cuite&period=2026", ""),
    "order-two-addresses": _the("?q=HL-SPEAKERS", ""),
    "order-withdrawal": withdrawals.own,
    "order-withdrawal-confirm": withdrawals.own_second_step,
    "order-withdrawal-none": _at("/orders/A-10482/withdrawal"),
    "return-sending": withdrawals.sending,
    "arrivals": _at("/arrivals"),
    "parcel-links": _of_parcel("links"),
    "parcel-link-made": _link_made,
    "parcel-handed": _handed,
    "parcel-missing": _of_parcel("missing"),
    "order-parcel-on-its-way": _parcel(parcels.on_the_way),
    "order-parcel-waits": _parcel(parcels.waits),
    "order-parcel-delivered": _parcel(parcels.on_the_way, parcels.delivered),
    "order-parcel-late": _parcel(parcels.late),
    "order-parcel-reported": _parcel(parcels.on_the_way, parcels.reported),
    "order-parcel-usual": _the("?q=AN-VASE", ""),
    "what-happened": _asking("what-happened"),
    "what-happened-item": _asking("what-happened", _item),
    "return-new": _asking("returns/new?kind=return&reason=changed_mind"),
    "claim-refused": _asking("returns/new?kind=claim", asking.nothing_said),
    "return-exchange": _asking("returns/new?kind=return&reason=wrong_size&wish=exchange", asking.chosen),
    "claim-review": _asking("returns/new?kind=claim&reason=damaged", _looked_at),
    "return-review": _asking("returns/new?kind=return&reason=changed_mind", _looked_at),
    "claim-photo-refused": _asking("returns/new?kind=claim&reason=damaged", _photo_refused),
    "claim-photos": _asking("returns/new?kind=claim&reason=damaged", _photos),
    "return-money": _paid_back("/returns/{}"),
    "credit": _paid_back("/account/credit"),
    "credit-none": _proved("/account/credit"),
    "inbox": _at("/inbox"),
    "inbox-none-found": _at("/inbox?q=zzzz"),
    "inbox-found": _at("/inbox?q=theiere"),
    "inbox-thread": _first("/inbox", ".threads h3 a"),
    "inbox-print": _whole,
    "inbox-choice": _at("/inbox/new"),
    "inbox-new": _at("/inbox/new?order=A-10482"),
    "inbox-new-delivered": _at("/inbox/new?order=A-10477"),
    "seller": _at("/sellers/atelier-nord"),
    "order-reviews": _at("/orders/A-10477/reviews"),
    "order-review": _review,
    "review-reported": _reported,
    "return-objection": _objected,
    "help-signed-in": _at("/help"),
    "help-messages": _at("/help/messages"),
    "spending": _at("/orders/spending"),
    "spending-year": _at("/orders/spending?year=2026"),
    "account": _at("/account"),
    "waiting-to-be-sent": _at("/offline/waiting"),
    "profile": _at("/account/profile"),
    "account-password": _own_password,
    "security": _at("/account/security"),
    "push-devices": _at("/account/notifications/devices"),
    "devices": _devices,
    "activity": _at("/account/activity"),
    "activity-none": _at("/account/activity?about=profile"),
    "app-health": _health,
    "notifications": _notifications,
    "notifications-none-found": _at("/notifications?topic=offers"),
    "notifications-none": _proved("/notifications"),
    "preferences": _at("/account/notifications"),
    "preferences-refused": _hours_refused,
    "home-screen": _at("/account/home-screen"),
    "phrase": _proved("/account/phrase"),
    "email-waits": _email_waits,
    "phone": _phone,
    "phone-code": _phone_code,
    "not-there-signed-in": _at("/orders/nothing"),
}


def _changing(path: str) -> Opening:
    """At a desk, where the factor may have been shown too long ago, when the whole run is long."""

    def opening(page: Page, counter: Counter) -> None:
        steps.go_as_mo(page, counter, path)

    return opening


def _key_made(page: Page, counter: Counter) -> None:
    _changing(f"{DESK}/keys/new")(page, counter)
    page.locator("#name").fill("Warehouse")
    page.locator("#main .form button.first").click()
    expect(page.locator("#key")).to_be_visible()


def _webhook_added(page: Page, counter: Counter) -> None:
    """Some pages are opened many times: an address that stands there already is taken away first."""
    page.goto(f"{DESK}/webhooks")
    if page.locator(ADDRESSES).count() >= 8:
        _unfolded_webhook(page)
        _changing(page.url)(page, counter)
        page.locator("form[action$='/removal'] button").click()
    _changing(f"{DESK}/webhooks/new")(page, counter)
    page.locator("#url").fill("https://shop.example/comptoir/events")
    page.locator("#main .form button.first").click()
    expect(page.locator("#key")).to_be_visible()


def _logo_refused(page: Page, counter: Counter) -> None:
    _changing(f"{DESK}/brand/logo")(page, counter)
    page.locator("#logo").set_input_files({"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    page.locator("#main .form button.first").click()
    expect(page.locator("#logo-error")).to_be_visible()


def _colour_refused(page: Page, counter: Counter) -> None:
    _changing(f"{DESK}/brand/colour")(page, counter)
    page.locator("#accent").fill("bleu nuit")
    page.locator("#main .form button.first").click()
    expect(page.locator("#accent-error")).to_be_visible()


def _rules_tried(page: Page, counter: Counter) -> None:
    """On a return that would not have been taken back."""
    counter.beside("send_back", merchant="atelier-nord")
    page.goto(f"{DESK}/return-rules")
    page.locator("#default_days").fill("0")
    page.locator("[name=do][value=more-windows]").click()
    page.locator("#main .buttons [value=try]").click()
    expect(page.locator("#trial table")).to_have_count(2)


def _rules_refused(page: Page, _counter: Counter) -> None:
    page.goto(f"{DESK}/return-rules")
    page.locator("#default_days").fill("two weeks")
    page.locator("#windows-0-days").fill("7")
    page.locator("#main .buttons [value=save]").click()
    expect(page.locator("#windows-0-patterns-error")).to_be_visible()


def _rules_version(page: Page, _counter: Counter) -> None:
    page.goto(f"{DESK}/return-rules/versions")
    page.locator("#main a.row").last.click()
    expect(page.locator("#changed")).to_be_visible()


ADDRESSES = "a.row[href*='/webhooks/']"


def _webhook(page: Page, counter: Counter) -> None:
    page.goto(f"{DESK}/webhooks")
    if not page.locator(ADDRESSES).count():
        _webhook_added(page, counter)
        page.goto(f"{DESK}/webhooks")
    _unfolded_webhook(page)


def _unfolded_webhook(page: Page) -> None:
    page.locator(ADDRESSES).first.click()
    page.locator("details.changes summary").click()


def _changes(path: str) -> Opening:
    """The list with everything unfolded."""

    def opening(page: Page, counter: Counter) -> None:
        page.goto(path)
        for fold in page.locator("details.changes summary").all():
            fold.click()
        page.evaluate("() => scrollTo(0, 0)")  # what a click has scrolled under the bar is looked at in the open

    return opening


def _queue(page: Page, counter: Counter) -> None:
    """With one that waits, ticked."""
    email = asking.came(counter)
    counter.beside("asked_each", email=email)
    page.goto(f"{DESK}/returns?q={email}")
    page.locator(".queue input").first.check()
    expect(page.locator("form[action$='/approval'] .first")).to_contain_text("(1)")


def _to_pay(path: str) -> Opening:
    """At a desk where a refund waits; `{}` is its return's code."""

    def opening(page: Page, counter: Counter) -> None:
        _changes(DESK + path.format(counter.beside("paid_back", email=asking.came(counter))))(page, counter)

    return opening


def _paid(page: Page, counter: Counter) -> None:
    counter.beside("paid_back", email=asking.came(counter), reference="VIR-2026-11")
    _changes(f"{DESK}/refunds/paid")(page, counter)


def _instead(page: Page, counter: Counter) -> None:
    page.goto(f"{DESK}/returns/{counter.beside('wished', email=asking.came(counter), wanted='1,5 l')}/money")


def _reference_refused(page: Page, counter: Counter) -> None:
    _to_pay("/refunds")(page, counter)
    page.locator("input[name^=reference]").first.fill(" ")
    page.locator("form[action$='/reference'] button").first.click()
    expect(page.locator("[id^=reference][id$=-error]")).to_be_visible()


def _card_made(page: Page, _counter: Counter) -> None:
    page.goto(f"{DESK}/credit/card")
    page.locator("#amount").fill("25")
    page.locator("#main .form button.first").click()
    expect(page.locator("#key")).to_be_visible()


def _credit_given(page: Page, counter: Counter) -> None:
    """Looked at before it is given."""
    page.goto(f"{DESK}/credit/new")
    page.locator("#email").fill(asking.came(counter))
    page.locator("#amount").fill("5")
    page.locator("#reason").fill("Merci de votre patience")
    page.locator("#main .form button.first").click()
    expect(page.locator("button[value=change]")).to_be_visible()


def _balance(page: Page, counter: Counter) -> None:
    counter.beside("paid_back", email=asking.came(counter), reference="VIR-2026-11")
    page.goto(f"{DESK}/credit")
    page.locator("main a.row").first.click()
    page.locator("details.changes summary").click()
    expect(page.locator("#amount")).to_be_visible()


def _in_words(page: Page, counter: Counter) -> None:
    """A withdrawal of which only words say what it is about, at the desk."""
    withdrawals.in_words(page, counter)
    code = page.get_by_text(re.compile(r"^R-[0-9A-Z]{8}$")).inner_text()
    page.goto(f"{DESK}/returns/{code}")


def _items_to_set(page: Page, counter: Counter) -> None:
    _in_words(page, counter)
    page.goto(f"{page.url}/items")


def _order_to_find(page: Page, counter: Counter) -> None:
    """For a guest's declaration that fits none; one of somebody else's is found."""
    email = withdrawals.came(counter)
    withdrawals.declare(page, email, contract="the blue teapot")
    page.goto(withdrawals.mailed_link(page, counter, email))
    page.locator("#main form button").click()
    expect(page.locator("a[href$='/receipt.pdf']")).to_be_visible()
    page.goto(f"{DESK}/returns?q={email}")
    page.locator(".queue li a").first.click()
    page.locator("#main a[href$='/order']").click()
    page.locator("#q").fill("A-10482")
    page.locator("#main form[role=search] button").click()
    expect(page.locator("#main a.row")).to_have_count(1)


def _desk_review(page: Page, _counter: Counter) -> None:
    page.goto(f"{DESK}/reviews")
    page.locator("main .card a.button").first.click()
    expect(page.locator("#text")).to_be_visible()


def _notice(place: str = "") -> Opening:
    """A draft, written when there is none yet."""

    def opening(page: Page, _counter: Counter) -> None:
        page.goto(f"{DESK}/notices")
        if not page.locator("main a.row").count():
            page.goto(f"{DESK}/notices/new")
            page.locator("#subject-fr").fill("Fermé en août")
            page.locator("#text-fr").fill("De retour le 1er septembre.")
            page.locator("main form .first").click()
            page.wait_for_url("**/sending")
            page.goto(f"{DESK}/notices")
        page.goto(f"{page.locator('main a.row').first.get_attribute('href')}{place}")

    return opening


def _notice_refused(page: Page, _counter: Counter) -> None:
    page.goto(f"{DESK}/notices/new")
    page.locator("#product").fill("zzzz")
    page.locator("#subject-fr").fill("Fermé en août")
    page.locator("main form .first").click()
    expect(page.locator("#product-error")).to_be_visible()


DESK = "/desk/atelier-nord"
AT_DESK: dict[str, Opening] = {
    "desks": _at("/desk"),
    "desk": _at(DESK),
    "desk-people": _changes(f"{DESK}/people"),
    "desk-person-new": _changing(f"{DESK}/people/new"),
    "desk-returns": _queue,
    "desk-inbox": _at(f"{DESK}/inbox?show=answered"),
    "desk-profile": _at(f"{DESK}/profile"),
    "desk-reviews": _at(f"{DESK}/reviews"),
    "desk-review": _desk_review,
    "desk-escalated": _at("/desk/alpages/escalated"),
    "desk-inbox-thread": _first(f"{DESK}/inbox?show=answered", ".queue h2 a"),
    "desk-mails": _at(f"{DESK}/mails"),
    "desk-inbox-setup": _at(f"{DESK}/inbox/setup"),
    "desk-inbox-report": _at(f"{DESK}/inbox/report"),
    "desk-inbox-reply-new": _at(f"{DESK}/inbox/setup/replies/new"),
    "desk-notices": _at(f"{DESK}/notices"),
    "desk-notice": _notice(),
    "desk-notice-refused": _notice_refused,
    "desk-notice-words": _notice("/words"),
    "desk-notice-sending": _notice("/sending"),
    "desk-refunds": _reference_refused,
    "desk-refunds-paid": _paid,
    "desk-return-money": _to_pay("/returns/{}"),
    "desk-return-instead": _instead,
    "desk-return-order": _order_to_find,
    "desk-return-in-words": _in_words,
    "desk-return-items": _items_to_set,
    "desk-credit": _at(f"{DESK}/credit"),
    "desk-credit-new": _at(f"{DESK}/credit/new"),
    "desk-credit-given": _credit_given,
    "desk-credit-balance": _balance,
    "desk-card-made": _card_made,
    "desk-key-new": _changing(f"{DESK}/keys/new"),
    "desk-key-made": _key_made,
    "desk-keys": _changes(f"{DESK}/keys"),
    "desk-webhooks": _changes(f"{DESK}/webhooks"),
    "desk-webhook-new": _changing(f"{DESK}/webhooks/new"),
    "desk-webhook-added": _webhook_added,
    "desk-webhook": _webhook,
    "desk-brand": _at(f"{DESK}/brand"),
    "desk-return-rules": _at(f"{DESK}/return-rules"),
    "desk-return-rules-tried": _rules_tried,
    "desk-return-rules-refused": _rules_refused,
    "desk-return-rules-versions": _at(f"{DESK}/return-rules/versions"),
    "desk-return-rules-version": _rules_version,
    "desk-brand-colour": _colour_refused,
    "desk-brand-logo": _logo_refused,
}
WITHOUT_A_FACTOR: dict[str, Opening] = {"desk-factor-missing": _at("/desk/hifi-lambert")}
SIGNED_IN |= guarded_pages.SIGNED_IN
AT_DESK |= guarded_pages.AT_DESK
WHO = dict.fromkeys(SIGNED_IN, "alice") | dict.fromkeys(AT_DESK, "mo") | dict.fromkeys(WITHOUT_A_FACTOR, "nia")
AFTER: dict[str, Callable[[Page], None]] = {"orders-put-away": _undo}
EVERY = {**PUBLIC, **SIGNED_IN, **AT_DESK, **WITHOUT_A_FACTOR}
# What the browser notes of pages that say so on purpose.
REFUSALS = {
    "code-wrong": "status of 422", "password-wrong": "status of 422", "link-over": "status of 410",
    "password-new-refused": "status of 422", "password-new-over": "status of 410",
    "preferences-refused": "status of 422", "claim-refused": "status of 422", "claim-photo-refused": "status of 422",
    "new-email-over": "status of 410",
    "withdrawal-refused": "status of 422", "withdrawal-link-over": "status of 410",
    "not-there": "status of 404", "not-there-signed-in": "status of 404",
    "desk-factor-missing": "status of 403",
    "desk-refunds": "status of 422", "desk-notice-refused": "status of 422",
    "desk-brand-colour": "status of 422", "desk-brand-logo": "status of 422", "desk-return-rules-refused": "status of 422",
}  # fmt: skip
FROM_HERE = ("mails", "mail")  # shown to this machine alone


def open_one(name: str, page: Page, counter: Counter) -> None:
    EVERY[name](page, counter)
    expect(page.locator("h1").first).to_be_visible()
    steps.settled(page)


def leave(name: str, page: Page) -> None:
    """Whatever opening changed is as before."""
    if name in AFTER:
        AFTER[name](page)
