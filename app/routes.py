"""Every URL, grouped by who may enter."""

from litestar import Router

from app.accounts import (
    activity_pages,
    alarm_pages,
    device_pages,
    email_pages,
    forgotten_pages,
    guard,
    home_screen_pages,
    origin_pages,
    password_pages,
    phone_pages,
    profile_pages,
    proof_pages,
    second_factor_pages,
    security_pages,
    settings_pages,
)
from app.accounts import pages as accounts
from app.inbox import api as inbox_api
from app.inbox import (
    block_desk,
    block_pages,
    escalation_pages,
    flag_desk,
    flag_pages,
    objection_pages,
    presence_desk,
    profile_desk,
    seller_pages,
    setup_desk,
    stepping_desk,
    tending_desk,
)
from app.inbox import desk as inbox_desk
from app.inbox import export_desk as inbox_export_desk
from app.inbox import export_pages as inbox_export
from app.inbox import mail_api as inbox_mail_api
from app.inbox import mail_desk as inbox_mails
from app.inbox import merging_desk as inbox_merging
from app.inbox import new_pages as inbox_new
from app.inbox import pages as inbox
from app.inbox import report_desk as inbox_report
from app.ingest import api, api_docs, webhooks_api
from app.ingest import pages as exports
from app.live import pages as live
from app.mail import pages as mail
from app.merchants import brand_desk, desk, desk_guard, keys_desk, people_desk
from app.merchants import guard as programs
from app.notices import desk as notices_desk
from app.notifications import email_pages as news_mail
from app.notifications import pages as notifications
from app.notifications import preference_pages, push_pages, unsubscribe_pages
from app.offline import fallback_pages, health_pages, help_pages, waiting_pages
from app.offline import pages as offline
from app.offline.once import Once
from app.orders import money_pages, refunds_api
from app.orders import pages as orders
from app.payments import balance_desk, credit_desk, credit_pages
from app.returns import api as returns_api
from app.returns import (
    asking_pages,
    decisions_desk,
    exchange_desk,
    extent_desk,
    extent_pages,
    found_pages,
    guest_pages,
    instead_desk,
    matching_desk,
    paid_desk,
    paper_pages,
    papers_desk,
    paying_desk,
    photo_pages,
    refunds_desk,
    rights_pages,
    rules_desk,
    sending_pages,
    what_happened_pages,
    withdrawal_pages,
)
from app.returns import desk as returns_desk
from app.returns import pages as returns
from app.reviews import desk as reviews_desk
from app.reviews import pages as reviews
from app.settings import settings
from app.shipments import arrivals_pages, grounds_pages, links_pages, missing_pages
from app.shipments import pages as parcels
from app.tracking import api as tracking
from app.tracking import parcels_api as scans
from app.web import caching, manifest, public
from app.webhooks import desk as webhooks_desk

# Anybody: static files, pictures and maps, health, the reference of the API.
OPEN = Router(
    path="/", include_in_schema=False,
    route_handlers=[*public.HANDLERS, *manifest.HANDLERS, *grounds_pages.HANDLERS, *api_docs.HANDLERS],
)  # fmt: skip

# Anybody, in their own words: signing in, choosing a language.
VISITORS = Router(
    path="/", guards=[guard.visitor], include_in_schema=False,
    route_handlers=[
        *accounts.PUBLIC, *second_factor_pages.PUBLIC, *forgotten_pages.PUBLIC, *password_pages.PUBLIC, *alarm_pages.PUBLIC,
        *origin_pages.PUBLIC, *profile_pages.PUBLIC, *email_pages.PUBLIC, *unsubscribe_pages.PUBLIC, *links_pages.PUBLIC,
        *guest_pages.PUBLIC, *extent_pages.PUBLIC, *found_pages.PUBLIC, *fallback_pages.PUBLIC, *health_pages.PUBLIC,
        *waiting_pages.PUBLIC, *help_pages.PUBLIC, *objection_pages.PUBLIC, public.nowhere,
    ],
)  # fmt: skip

# A customer, signed in: changes (and their pages) that may be made without a network. The browser keeps them and sends them
# when there is one.
OFFLINE_TOO = Router(
    path="/", guards=[guard.signed_in], middleware=[Once], before_request=caching.unchanged, include_in_schema=False,
    opt={"offline_too": True},
    route_handlers=[
        *orders.OFFLINE_TOO, *notifications.OFFLINE_TOO, *preference_pages.OFFLINE_TOO, *profile_pages.OFFLINE_TOO,
        *asking_pages.OFFLINE_TOO, *inbox.OFFLINE_TOO, *inbox_new.OFFLINE_TOO,
    ],
)  # fmt: skip

# A customer, signed in. The first are there for everybody: whether the browser has the page is known without making it.
ALWAYS_THERE = [
    orders.index, orders.money_spent, *settings_pages.CUSTOMER, *home_screen_pages.CUSTOMER, *arrivals_pages.ALWAYS_THERE,
    returns.index, inbox.index,
]  # fmt: skip
CUSTOMERS = Router(
    path="/", guards=[guard.signed_in], before_request=caching.unchanged, include_in_schema=False, route_handlers=ALWAYS_THERE
)
FOUND_FIRST = Router(
    path="/", guards=[guard.signed_in], include_in_schema=False,
    route_handlers=[
        *(it for it in orders.CUSTOMER if it not in ALWAYS_THERE), *exports.CUSTOMER, *proof_pages.CUSTOMER,
        *security_pages.CUSTOMER, *password_pages.CUSTOMER, *device_pages.CUSTOMER, *activity_pages.CUSTOMER,
        *email_pages.CUSTOMER, *phone_pages.CUSTOMER, *desk.SIGNED_IN, *live.CUSTOMER, *notifications.CUSTOMER,
        *parcels.CUSTOMER, *news_mail.CUSTOMER, *push_pages.CUSTOMER, *arrivals_pages.CUSTOMER, *missing_pages.CUSTOMER,
        *links_pages.CUSTOMER, *rights_pages.CUSTOMER,
        *money_pages.CUSTOMER, *what_happened_pages.CUSTOMER, *asking_pages.CUSTOMER, *photo_pages.CUSTOMER,
        *offline.CUSTOMER, *(it for it in returns.CUSTOMER if it not in ALWAYS_THERE),
        *withdrawal_pages.CUSTOMER, *extent_pages.CUSTOMER, *sending_pages.CUSTOMER, *paper_pages.CUSTOMER,
        *credit_pages.CUSTOMER, *(it for it in inbox.CUSTOMER if it not in ALWAYS_THERE), *inbox_new.CUSTOMER,
        *inbox_export.CUSTOMER, *seller_pages.CUSTOMER, *escalation_pages.CUSTOMER, *objection_pages.CUSTOMER,
        *reviews.CUSTOMER, *help_pages.CUSTOMER, *block_pages.CUSTOMER, *flag_pages.CUSTOMER,
    ],
)  # fmt: skip

# The same with a fresh proof of who it is: what changes who gets in.
PROVED = Router(
    path="/", guards=[guard.proved], include_in_schema=False,
    route_handlers=[
        *security_pages.PROVED, *password_pages.PROVED, *profile_pages.PROVED, *email_pages.PROVED, *phone_pages.PROVED,
    ],
)  # fmt: skip

# A merchant's people at its desk, with a second factor; its managers and owners; and its owners, with a fresh one, for what
# changes who gets in.
DESK = Router(
    path="/", guards=[desk_guard.at_desk], include_in_schema=False,
    route_handlers=[*desk.MEMBERS, *people_desk.MEMBERS, *keys_desk.MEMBERS, *webhooks_desk.MEMBERS, *brand_desk.MEMBERS,
                    *returns_desk.MEMBERS, *decisions_desk.MEMBERS, *exchange_desk.MEMBERS, *paying_desk.MEMBERS,
                    *refunds_desk.MEMBERS, *paid_desk.MEMBERS, *instead_desk.MEMBERS, *rules_desk.MEMBERS,
                    *papers_desk.MEMBERS, *matching_desk.MEMBERS, *extent_desk.MEMBERS, *inbox_desk.MEMBERS,
                    *setup_desk.MEMBERS, *tending_desk.MEMBERS, *inbox_report.MEMBERS, *inbox_merging.MEMBERS,
                    *stepping_desk.MEMBERS, *reviews_desk.MEMBERS, *inbox_mails.MEMBERS, *inbox_export_desk.MEMBERS,
                    *flag_desk.MEMBERS, *presence_desk.MEMBERS, *notices_desk.MEMBERS],
)  # fmt: skip
DESK_MANAGERS = Router(
    path="/", guards=[desk_guard.manager_at_desk], include_in_schema=False,
    route_handlers=[*returns_desk.MANAGERS, *decisions_desk.MANAGERS, *refunds_desk.MANAGERS, *credit_desk.MANAGERS,
                    *balance_desk.MANAGERS, *rules_desk.MANAGERS, *setup_desk.MANAGERS, *profile_desk.MANAGERS,
                    *reviews_desk.MANAGERS, *block_desk.MANAGERS, *flag_desk.MANAGERS, *notices_desk.MANAGERS],
)  # fmt: skip
DESK_OWNERS = Router(
    path="/", guards=[desk_guard.owner_at_desk], include_in_schema=False,
    route_handlers=[*people_desk.OWNERS, *keys_desk.OWNERS, *webhooks_desk.OWNERS, *brand_desk.OWNERS],
)  # fmt: skip

# Other programs, with a merchant's key.
PROGRAMS = Router(
    path="/", guards=[programs.api_key], include_in_schema=False,
    route_handlers=[*api.HANDLERS, *scans.HANDLERS, *returns_api.HANDLERS, *inbox_api.HANDLERS],
)  # fmt: skip

# Senders of webhooks, who sign what they send.
SENDERS = Router(
    path="/", include_in_schema=False,
    route_handlers=[*tracking.HANDLERS, *webhooks_api.HANDLERS, *refunds_api.HANDLERS, *inbox_mail_api.HANDLERS],
)  # fmt: skip

# The mails of somebody's own machine.
DEVELOPERS = Router(path="/", guards=[guard.visitor, mail.on_this_machine], include_in_schema=False, route_handlers=mail.PUBLIC)

ROUTES = [OPEN, VISITORS, OFFLINE_TOO, CUSTOMERS, FOUND_FIRST, PROVED, DESK, DESK_MANAGERS, DESK_OWNERS, PROGRAMS, SENDERS]
if settings.local and not settings.smtp_url:
    ROUTES.append(DEVELOPERS)
