"""The world of the access matrix: every route of the application, somebody of each kind, and what an address may name."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from httpx import AsyncClient, Response
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from app import clock, db, i18n, pictures, private_files
from app.accounts import alarms, devices, email_changes, password_links, sign_in_links, sign_ins
from app.asgi import create_app
from app.inbox import about, mail_kept, posting, starting
from app.inbox import kept as kept_threads
from app.inbox.files import SHELF
from app.inbox.posting import Said
from app.ingest.snapshot import Shipment
from app.mail import outbox
from app.merchants import actions as merchants
from app.merchants import shop
from app.notices import actions as notices
from app.notices.kept import Words
from app.notices.segments import Segment
from app.notifications import unsubscribing
from app.orders import refunding
from app.orders.refunding import Wanted
from app.payments import balances
from app.piccolo_app import TABLES
from app.returns import asking, deciding, files, guests, kept, proposing, receiving, rules, withdrawals
from app.returns.rule_book import DEFAULT, Rules
from app.reviews import writing
from app.shipments import grounds, links, proofs
from app.shipments.projection import fitted
from app.tracking import sources
from app.web.access import Access
from app.web.templating import assets
from tests import builders
from tests.builders import ALICE, BOB, MO, NIA
from tests.returns import bought, withdrawn

MERCHANTS = {"mo@example.com": MO, "nia@example.com": NIA}
OPS, AGENT, MANAGER = "ops@example.com", "sam@example.com", "mia@example.com"
Headers = Mapping[str, str]
NONE: Headers = {}


def _routes() -> list[tuple[str, str, Access | None]]:
    """(method, path, what is declared). Litestar's own OPTIONS say only which methods there are."""
    counter: Any = create_app()
    while not isinstance(counter, Litestar):
        counter = counter.app
    found = []
    for route in counter.routes:
        for method, (handler, *_rest) in getattr(route, "route_handler_map", {}).items():
            assert isinstance(handler, HTTPRouteHandler)
            if method != "OPTIONS":
                path = "/" + "/".join(_template(part) for part in route.path_components)
                found.append((str(method), path, handler.opt.get("access")))
    return sorted(found, key=lambda route: route[:2])


def _template(part: Any) -> str:
    return part if isinstance(part, str) else f"{{{part.name}}}"


ROUTES = _routes()
DECLARED = [(method, path, access) for method, path, access in ROUTES if access]


# Of the first world.
IDS: dict[str, int] = {}
KEYS: dict[str, str] = {}
KEPT: dict[str, list[dict[str, Any]]] = {}  # table → its rows


class World:
    """Alice's order at Mo's and what else of hers an address may name."""

    def __init__(self, browser: AsyncClient) -> None:
        self.browser = browser
        self.keys: dict[str, str] = {}
        self.ids: dict[str, int] = {}

    async def build(self) -> None:
        """Made once; then its rows are put back as they were: there are thousands of worlds."""
        if not KEPT:
            await self._make()
            for name in (table._meta.tablename for table in TABLES):
                KEPT[name] = [dict(row) for row in await db.rows(f"SELECT * FROM {name}")]
            IDS.update(self.ids)
            KEYS.update(self.keys)
            return
        self.ids, self.keys = dict(IDS), dict(KEYS)
        for name, rows in KEPT.items():
            await db.insert(name, rows)

    async def _make(self) -> None:
        self.ids = {ALICE: await builders.customer(ALICE), BOB: await builders.customer(BOB, "Bob")}
        for email, slug in MERCHANTS.items():
            self.ids[email] = await builders.member(email, slug, "owner")
            self.keys[slug] = await merchants.make_key(slug, "shop")
        self.ids[AGENT] = await builders.member(AGENT, MO)
        self.ids[MANAGER] = await builders.member(MANAGER, MO, "manager")
        self.ids[OPS] = await builders.customer(OPS, "Ops", operator=True)

    async def become(self, asker: str, *, proved: bool = True) -> None:
        who = {
            "another": BOB, "member": "mo@example.com", "manager": MANAGER, "agent": AGENT, "other_member": "nia@example.com",
            "operator": OPS,
        }  # fmt: skip
        match asker:
            case "nobody":
                return
            case "program" | "other_program":
                self.browser.headers["Authorization"] = f"Bearer {self.keys[MO if asker == 'program' else NIA]}"
            case "half":
                self.browser.cookies["sign-in"] = await sign_ins.begin(self.ids[ALICE], "code", "")
            case _:
                self.browser.cookies.update(await builders.session(who.get(asker, ALICE), proved=proved, factor=True))
        if asker == "expired":
            await db.execute("UPDATE sessions SET expires_at = {}", clock.now() - timedelta(seconds=1))
        if asker == "locked":
            await alarms.not_me(alarm_of(self.ids[ALICE]))

    def leave(self) -> None:
        """The browser is nobody's again."""
        self.browser.cookies.clear()
        self.browser.headers.pop("Authorization", None)

    async def ask(
        self, method: str, path: str, asker: str, *, proved: bool = True, headers: Headers = NONE,
        named: Mapping[str, Any] | None = None,
    ) -> Response:  # fmt: skip
        """`named`: what was made for this address already."""
        found = await self.named(path) if named is None else named
        await self.become(asker, proved=proved)
        return await self.browser.request(method, path.format(**found), data=self.form(method), headers=headers)

    async def named(self, path: str) -> dict[str, Any]:
        """What is made for an address that begins so: what its braces name."""
        beginning = max((it for it in THINGS if path.startswith(it)), key=len, default="")
        return await THINGS[beginning](self) if beginning else {}

    @staticmethod
    def form(method: str) -> dict[str, str] | None:
        """One that says next to nothing: whoever is let in hears what is wrong with it."""
        return {"name": "Mine"} if method == "POST" else None


def alarm_of(customer: int) -> str:
    return alarms._token(alarms.Alarm(customer, "new_device", 0, int(clock.now().timestamp())))


async def _order(world: World) -> dict[str, Any]:
    order = await builders.order("A-11")
    headers = {"Authorization": f"Bearer {world.keys[MO]}", "Content-Type": "application/pdf"}
    kept = await world.browser.put("/api/v1/orders/A-11/invoice", content=b"%PDF-1.7 hers", headers=headers)
    assert kept.status_code == 204
    return {"address": order["address"], "place": "A-11"}


async def _download(_world: World) -> dict[str, Any]:
    """What ends on days that can be said."""
    order = await builders.order("A-13", lines=[builders.line(needs_shipping=False)])
    return {"address": order["address"]}


async def _parcel(world: World) -> dict[str, Any]:
    """Due tomorrow; in the hands of a neighbour besides."""
    due = clock.now() + timedelta(days=1)
    sent = Shipment(id="1", status="in_transit", shipped_at=clock.now(), estimated_from=due, estimated_to=due)
    order = await builders.order("A-12", shipments=[sent])
    (row,) = await db.rows('SELECT id FROM shipments WHERE "order" = {}', order["id"])
    token = await links.make(world.ids[ALICE], order["address"], row["id"], label="", show_code=False)
    (link,) = await db.rows("SELECT id FROM parcel_links WHERE shipment = {}", row["id"])
    return {"address": order["address"], "number": row["id"], "link": link["id"], "token": token}


async def _proved_parcel(world: World) -> dict[str, Any]:
    """Hers, delivered, with a photo and a signature."""
    named = await _order(world)
    (order,) = await db.rows("SELECT id FROM orders WHERE address = {}", named["address"])
    row = {"order": order["id"], "position": 0, "external_id": "p1", "status": "delivered"}
    number = (await db.insert("shipments", [row], "id"))[0]["id"]
    for kind in ("photo", "signature"):
        name = f"{kind}-{number:032x}.webp"
        private_files.write(proofs.folder(), name, b"hers")
        await db.execute(f"UPDATE shipments SET proof_{kind} = {{}} WHERE id = {{}}", name, number)
    return {**named, "number": number}


async def _return(_world: World) -> dict[str, Any]:
    """Hers, of what came three days ago."""
    order = await bought.delivered("A-13")
    line = (await bought.line_ids(order))[0]
    return {"code": await asking.ask(order["customer"], bought.asked(line), by="customer:1"), "merchant": MO}


async def _reviewed(world: World) -> dict[str, Any]:
    """An item of hers that came, of which she has said how it is."""
    order = await bought.delivered("A-13")
    line = (await bought.line_ids(order))[0]
    await writing.write(world.ids[ALICE], order["address"], line, rating=2, text="It drips", name="Alice Martin")
    return {"address": order["address"], "number": line}


async def _review(world: World) -> dict[str, Any]:
    """The same by its own number."""
    named = await _reviewed(world)
    (row,) = await db.rows("SELECT id FROM reviews WHERE line = {}", named["number"])
    return {"merchant": MO, "slug": MO, "number": row["id"]}


async def _seller(_world: World) -> dict[str, Any]:
    return {"slug": MO}


async def _thread(world: World) -> dict[str, Any]:
    """Hers with Mo, about her order."""
    order = await builders.order("A-11")
    said = Said(side="buyer", text="Where is it?", author=world.ids[ALICE], name="Alice Martin")
    what = await about.order(world.ids[ALICE], order["address"])
    return {"code": await starting.start(world.ids[ALICE], what, said), "merchant": MO}


async def _saved_reply(world: World) -> dict[str, Any]:
    made = [{"merchant": await builders.merchant(), "title": "Sent", "english": "It is sent.", "french": "Elle est partie."}]
    return {"merchant": MO, "number": (await db.insert("saved_replies", made, "id"))[0]["id"]}


async def _notice(_world: World) -> dict[str, Any]:
    """A draft of Mo's."""
    draft = notices.Draft(kind="account", words={"en": Words("We close", "In August.")}, segment=Segment())
    number = await notices.write(await builders.merchant(), draft, notices.Writer(1, "Mo", "member:1"))
    return {"merchant": MO, "number": number}


async def _label_of_the_desk(world: World) -> dict[str, Any]:
    made = [{"merchant": await builders.merchant(), "name": "Broken", "colour": "bad"}]
    return {"merchant": MO, "number": (await db.insert("desk_labels", made, "id"))[0]["id"]}


async def _escalated(world: World) -> dict[str, Any]:
    """A question of hers to Nia that Mo, who is the shop itself, was asked to step in to; with a picture."""
    await shop.name(MO)
    said = Said(side="buyer", text="Where is it?", author=world.ids[ALICE], name="Alice Martin")
    code = await starting.start(world.ids[ALICE], await about.merchant(NIA), said, subject="A question")
    await db.execute("UPDATE threads SET escalated_at = {} WHERE code = {}", clock.now(), code)
    return {"code": code, "merchant": MO, "number": await _picture_in(code)}


async def _sent_picture(world: World) -> dict[str, Any]:
    named = await _thread(world)
    return {**named, "number": await _picture_in(named["code"])}


async def _picture_in(code: str) -> int:
    name = f"photo-{7:032x}.webp"
    private_files.write(SHELF.folder(), name, b"hers")
    (row,) = await db.rows("SELECT m.id FROM messages m JOIN threads t ON t.id = m.thread WHERE t.code = {}", code)
    picture = {"message": row["id"], "name": name, "title": "a.jpg", "media_type": "image/webp", "size": 4}
    number: int = (await db.insert("message_files", [picture], "id"))[0]["id"]
    return number


async def _unknown_mail(world: World) -> dict[str, Any]:
    """To her thread, from who is not known in it."""
    it = await kept_threads.by_code((await _thread(world))["code"])
    what = mail_kept.What(state="waiting", text="It is me.", sender="me@elsewhere.example")
    return {"merchant": MO, "number": await mail_kept.put(it, "buyer", "a key", "", what)}


async def _answered(world: World) -> dict[str, Any]:
    """What Mo has written to her."""
    named = await _thread(world)
    mo = (await db.rows("SELECT id FROM merchants WHERE slug = {}", MO))[0]["id"]
    return {**named, "number": await posting.answer(mo, named["code"], Said(side="seller", text="On its way", name="Mo"))}


async def _asked(world: World) -> dict[str, Any]:
    """What she has written to Mo."""
    named = await _thread(world)
    return {**named, "number": (await kept_threads.by_code(named["code"])).last_message}


async def _reported(world: World) -> dict[str, Any]:
    """The same, reported, with a picture; Mo's desk decides."""
    named = await _asked(world)
    report = {"message": named["number"], "author": 1, "side": "seller", "why": "insult", "at": clock.now()}
    await db.insert("message_reports", [report])
    return {**named, "file": await _picture_in(named["code"])}


async def _put_away(_world: World) -> dict[str, Any]:
    return {"what": "archived"}


async def _proposed(_world: World) -> dict[str, Any]:
    """Something dearer in exchange for what came back."""
    order = await bought.delivered("A-13")
    what = bought.asked((await bought.line_ids(order))[0], reason="wrong_size", wish="exchange", wanted="The big one")
    code = await asking.ask(order["customer"], what, by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    dearer = await bought.same_again(code, unit_price=9_000)
    await proposing.propose(order["merchant"], code, dearer.items, how_paid="By bank transfer", by="member:1")
    return {"code": code, "merchant": MO}


async def _to_send(world: World) -> dict[str, Any]:
    """Agreed to: there is a label."""
    named = await _return(world)
    await deciding.approve((await kept.by_code(named["code"])).it.merchant, named["code"], by="member:1")
    return named


async def _refund(world: World) -> dict[str, Any]:
    """Of her return; it waits for a decision."""
    named = await _return(world)
    (it,) = await db.rows(
        'SELECT r.id, r."order", o.address FROM returns r JOIN orders o ON o.id = r."order" WHERE code = {}', named["code"]
    )
    (number,) = await refunding.request(it["order"], Wanted(amount=100, of_return=it["id"]), by="member:1")
    return {**named, "address": it["address"], "number": number}


async def _photo(world: World) -> dict[str, Any]:
    named = await _return(world)
    (kept,) = await db.rows("SELECT id FROM returns WHERE code = {}", named["code"])
    row = {"of_return": kept["id"], "name": f"photo-{'0' * 32}.webp", "media_type": "image/webp", "size": 4}
    private_files.write(files.folder(), row["name"], b"hers")
    return {**named, "number": (await db.insert("return_files", [row], "id"))[0]["id"]}


async def _withdrawal(_world: World) -> dict[str, Any]:
    order = await bought.delivered("A-13")
    line = (await bought.line_ids(order))[0]
    return {"code": await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")}


async def _unmatched(_world: World) -> dict[str, Any]:
    await bought.delivered("A-13")
    token = await withdrawn.guest("alice.at.work@example.com", contract="A-13", seller=MO)
    return {"code": await guests.confirm(token), "merchant": MO}


async def _declaration(_world: World) -> dict[str, Any]:
    return {"token": await withdrawn.guest(contract="A-13", seller=MO)}


async def _acknowledged(world: World) -> dict[str, Any]:
    named = await _declaration(world)
    await guests.confirm(named["token"])
    return named


async def _in_words(_world: World) -> dict[str, Any]:
    await bought.delivered("A-13")
    token = await withdrawn.guest(contract="A-13", items="one teapot only", seller=MO)
    return {"token": token, "code": await guests.confirm(token), "merchant": MO}


async def _tracked(world: World) -> dict[str, Any]:
    await builders.order("A-11", shipments=[Shipment(id="1", tracking_number="1Z999AA10123456784")])
    return {"merchant": MO, "tracking_number": "1Z999AA10123456784"}


async def _passkey(world: World) -> dict[str, Any]:
    row = {
        "customer": world.ids[ALICE], "credential_id": "abcd", "public_key": "", "kind": "synced",
        "name": "Phone", "created_at": clock.now(),
    }  # fmt: skip
    return {"number": (await db.insert("passkeys", [row], "id"))[0]["id"]}


async def _link(world: World) -> dict[str, Any]:
    return {"token": await sign_in_links.make(world.ids[ALICE])}


async def _session(_world: World) -> dict[str, Any]:
    await builders.session(ALICE)
    return {"number": (await db.rows("SELECT max(id) AS id FROM sessions"))[0]["id"]}


async def _device(world: World) -> dict[str, Any]:
    return {"number": await devices.remember(world.ids[ALICE], "her laptop's", "tests", trusted=True)}


async def _password_link(world: World) -> dict[str, Any]:
    return {"token": await password_links.make(ALICE)}


async def _new_email(world: World) -> dict[str, Any]:
    return {"token": await email_changes.begin(world.ids[ALICE], ALICE, "alice@elsewhere.example")}


async def _alarm(world: World) -> dict[str, Any]:
    return {"token": alarm_of(world.ids[BOB])}


async def _subscription(world: World) -> dict[str, Any]:
    return {"token": unsubscribing.address(world.ids[ALICE], ALICE, "deliveries", "email").rpartition("/")[2]}


async def _mail(world: World) -> dict[str, Any]:
    await outbox.send(ALICE, "no_account", i18n.voice(), mail_code="", phrase="", email=ALICE, code="", minutes=1, url="")
    return {"name": next(outbox.folder().glob("*.eml")).name}


async def _enrolled(world: World) -> dict[str, Any]:
    for customer in world.ids.values():
        row = {"customer": customer, "sealed_key": "", "created_at": clock.now(), "confirmed": True}
        await db.insert("authenticators", [row])
    return {}


async def _colleague(world: World) -> dict[str, Any]:
    """Everybody has a factor that could be asked for."""
    await _enrolled(world)
    await builders.member("kim@example.com", MO)
    (row,) = await db.rows("SELECT mb.id FROM members mb JOIN customers c ON c.id = mb.customer WHERE c.name = 'Kim'")
    return {"merchant": MO, "number": row["id"]}


async def _look(world: World) -> dict[str, Any]:
    return {**(await _colleague(world)), "colour": "2f5f86"}


async def _key(world: World) -> dict[str, Any]:
    (row,) = await db.rows("SELECT k.id FROM api_keys k JOIN merchants m ON m.id = k.merchant WHERE m.slug = {}", MO)
    return {**(await _colleague(world)), "number": row["id"]}


async def _rules(world: World) -> dict[str, Any]:
    """A version of Mo's that does not count any more."""
    named = await _colleague(world)
    (mo,) = await db.rows("SELECT id FROM merchants WHERE slug = {}", MO)
    number = await rules.save(mo["id"], DEFAULT, by=None)
    await rules.save(mo["id"], Rules(default_days=30), by=None)
    return {**named, "number": number}


async def _card(world: World) -> dict[str, Any]:
    named = await _colleague(world)
    (mo,) = await db.rows("SELECT id FROM merchants WHERE slug = {}", MO)
    number, _code = await balances.add_card(mo["id"], "EUR", 2_500, by="member:1")
    return {**named, "number": number}


async def _webhook(world: World) -> dict[str, Any]:
    """An address of Mo's, and something that was sent there."""
    named = await _colleague(world)
    (mo,) = await db.rows("SELECT id FROM merchants WHERE slug = {}", MO)
    endpoint = {"merchant": mo["id"], "url": "https://shop.example/hook", "secret": "", "created_at": clock.now()}
    number = (await db.insert("webhook_endpoints", [endpoint], "id"))[0]["id"]
    at = clock.now()
    sent = {
        "endpoint": number, "event": 1, "kind": "order_placed", "message_id": "msg_1", "state": "sent", "created_at": at,
        "next_try_at": at,
    }  # fmt: skip
    return {**named, "number": number, "delivery": (await db.insert("webhook_deliveries", [sent], "id"))[0]["id"]}


async def _notification(world: World) -> dict[str, Any]:
    row = {
        "customer": world.ids[ALICE], "event": 1, "topic": "orders", "kind": "order_placed", "url": "/orders", "data": "{}",
        "at": clock.now(), "created_at": clock.now(), "shown": True,
    }  # fmt: skip
    return {"number": (await db.insert("notifications", [row], "id"))[0]["id"]}


async def _pushed(world: World) -> dict[str, Any]:
    """A browser of Alice's."""
    await builders.session(ALICE)
    (session,) = await db.rows("SELECT id, created_at FROM sessions ORDER BY id DESC LIMIT 1")
    row = {
        "customer": world.ids[ALICE], "endpoint_hash": "h", "endpoint": "https://push.example/1", "p256dh": "", "auth": "",
        "session": session["id"], "session_since": session["created_at"], "created_at": clock.now(), "seen_at": clock.now(),
    }  # fmt: skip
    return {"number": (await db.insert("push_subscriptions", [row], "id"))[0]["id"]}


async def _static(_world: World) -> dict[str, Any]:
    return {"path": assets.url("icons/favicon.ico").removeprefix("/static/")}


async def _picture(_world: World) -> dict[str, Any]:
    pictures.keep("teapot.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    return {"name": "teapot.svg"}


async def _ground(_world: World) -> dict[str, Any]:
    return {"name": grounds.address(fitted([(4.84, 45.76)])).removeprefix("/maps/")}


async def _sender(_world: World) -> dict[str, Any]:
    await sources.add(MO, "easypost", "not told to anybody")
    return {"source": "easypost", "merchant": MO}


async def _nothing(_world: World) -> dict[str, Any]:
    return {"path": "nothing/here"}


# What an address names, by its beginning, the longest that fits; what must be there before the question.
THINGS: dict[str, Callable[[World], Awaitable[dict[str, Any]]]] = {
    "/orders/{address}": _order,
    "/orders/{address}/rights.ics": _download,
    "/orders/{address}/money/refunds/{number}": _refund,
    "/api/v1/orders/{place}": _order,
    "/api/v1/shipments/{merchant}/{tracking_number}": _tracked,
    "/api/v1/returns/{code}": _return,
    "/api/v1/returns/{code}/exchange/proposal": _proposed,
    "/api/v1/returns/{code}/photos/{number}": _photo,
    "/api/v1/threads/{code}": _thread,
    "/api/v1/threads/{code}/files/{number}": _sent_picture,
    "/orders/{address}/parcels/{number}/photo": _proved_parcel,
    "/orders/{address}/parcels/{number}/signature": _proved_parcel,
    "/orders/{address}/parcels/{number}": _parcel,
    "/parcels/{token}": _parcel,
    "/returns/{code}": _return,
    "/return-code/{code}": _return,
    "/desk/{merchant}/returns/{code}": _return,
    "/desk/{merchant}/returns/{code}/photos/{number}": _photo,
    "/returns/{code}/photos/{number}": _photo,
    "/returns/{code}/refunds/{number}": _refund,
    "/returns/{code}/label.pdf": _to_send,
    "/returns/{code}/packing-list.pdf": _to_send,
    "/desk/{merchant}/returns/{code}/label.pdf": _to_send,
    "/desk/{merchant}/returns/{code}/packing-list.pdf": _to_send,
    "/desk/{merchant}/refunds/{number}": _refund,
    "/desk/{merchant}/returns/{code}/order": _unmatched,
    "/returns/{code}/receipt.pdf": _withdrawal,
    "/withdrawal/{token}": _declaration,
    "/withdrawal/{token}/receipt.pdf": _acknowledged,
    "/withdrawal/{token}/items": _in_words,
    "/returns/{code}/items": _in_words,
    "/desk/{merchant}/returns/{code}/items": _in_words,
    "/inbox/{code}": _thread,
    "/sellers/{slug}": _seller,
    "/orders/{address}/reviews": _reviewed,
    "/sellers/{slug}/reviews/{number}": _review,
    "/desk/{merchant}/reviews/{number}": _review,
    "/inbox/threads/{what}": _put_away,
    "/inbox/{code}/files/{number}": _sent_picture,
    "/desk/{merchant}/inbox/{code}/files/{number}": _sent_picture,
    "/desk/{merchant}/inbox/{code}": _thread,
    "/desk/{merchant}/inbox/setup/replies/{number}": _saved_reply,
    "/desk/{merchant}/inbox/setup/labels/{number}": _label_of_the_desk,
    "/desk/{merchant}/notices/{number}": _notice,
    "/desk/{merchant}/escalated": _escalated,
    "/inbox/{code}/messages/{number}/report": _answered,
    "/desk/{merchant}/inbox/{code}/messages/{number}/report": _asked,
    "/desk/{merchant}/inbox/reported/{number}": _reported,
    "/desk/{merchant}/mails/{number}": _unknown_mail,
    "/account/passkeys/{number}": _passkey,
    "/account/sessions/{number}": _session,
    "/account/devices/{number}": _device,
    "/notifications/{number}": _notification,
    "/account/authenticator/removal": _enrolled,
    "/account/recovery-codes": _enrolled,
    "/desk/{merchant}": _colleague,
    "/desk/{merchant}/keys/{number}": _key,
    "/desk/{merchant}/brand/looks/{colour}": _look,
    "/desk/{merchant}/webhooks/{number}": _webhook,
    "/desk/{merchant}/credit/{number}": _card,
    "/desk/{merchant}/return-rules/versions/{number}": _rules,
    "/sign-in/link/{token}": _link,
    "/sign-in/password/new/{token}": _password_link,
    "/new-email/{token}": _new_email,
    "/not-me/{token}": _alarm,
    "/unsubscribe/{token}": _subscription,
    "/dev/mail/{name}": _mail,
    "/account/notifications/push/{number}": _pushed,
    "/static/{path}": _static,
    "/pictures/{name}": _picture,
    "/maps/{name}": _ground,
    "/webhooks/{source}/{merchant}": _sender,
    "/webhooks/shopify/{merchant}": _sender,
    "/webhooks/woocommerce/{merchant}": _sender,
    "/{path}": _nothing,
}
