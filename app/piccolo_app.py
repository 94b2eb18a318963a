"""Which tables Piccolo's migrations know, and where the migrations are."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.accounts.factor_tables import Authenticator, Challenge, FactorReset, Passkey, RecoveryCode
from app.accounts.tables import (
    Customer,
    Device,
    EmailChange,
    EndedSession,
    PasswordLink,
    PhoneCode,
    Session,
    SignIn,
    SignInAttempt,
    SignInCode,
    SignInLink,
)
from app.events.tables import Event, EventFault
from app.inbox.block_tables import BlockedThread, ThreadBlock
from app.inbox.desk_tables import DeskGoal, DeskLabel, MergedThread, SavedReply, ThreadAbout, ThreadLabel
from app.inbox.flag_tables import MessageReport, MessageVerdict
from app.inbox.mail_tables import MailIn, MailInFile
from app.inbox.presence_tables import DeskSign
from app.inbox.seller_tables import SellerFigures, SellerIdentity, SellerPolicy
from app.inbox.tables import Message, MessageFile, Thread
from app.mail.tables import Letter
from app.merchants.tables import ApiKey, Member, Merchant, ProgramAnswer
from app.notices.tables import Notice, NoticePerson
from app.notifications.push_tables import PushSubscription
from app.notifications.tables import Delivery, MailBounce, NoticeSetting, Notification, Preference
from app.offline.tables import KeptAnswer
from app.orders.tables import Order, OrderLine
from app.payments.tables import Balance, BalanceEntry, Payment, Refund
from app.returns.proposal_tables import ExchangeProposal
from app.returns.rule_tables import ReturnRules
from app.returns.tables import Return, ReturnFile, ReturnLabel, ReturnLine
from app.reviews.tables import Review, ReviewReport, SellerStars
from app.shipments.tables import CarrierWord, Scan, Shipment, ShipmentLine
from app.shipments.transit_tables import ParcelLink, TransitTime
from app.tracking.tables import CarrierAccount, TrackingMessage, TrackingPoll, TrackingSource
from app.webhooks.tables import WebhookDelivery, WebhookEndpoint

TABLES = [
    Letter, Customer, Device, Session, SignIn, SignInAttempt, SignInCode, SignInLink, PasswordLink, EmailChange, PhoneCode,
    Passkey, Authenticator, RecoveryCode, Challenge, FactorReset, Merchant, Member, ApiKey, Event, Order, OrderLine, Payment,
    Refund, Shipment, ShipmentLine, Scan, Notification, Delivery,
    WebhookEndpoint, WebhookDelivery,
    EventFault, Preference, NoticeSetting,
    MailBounce,
    CarrierWord,
    TrackingSource, TrackingMessage, TrackingPoll, CarrierAccount,
    TransitTime,
    ParcelLink,
    PushSubscription,
    EndedSession,
    KeptAnswer, ProgramAnswer,
    ReturnRules, Return, ReturnLine, ReturnLabel, ReturnFile,
    ExchangeProposal,
    Balance, BalanceEntry,
    Thread, Message, MessageFile, ThreadBlock, BlockedThread, MessageReport, MessageVerdict,
    SavedReply, DeskLabel, ThreadLabel, DeskGoal, MergedThread, ThreadAbout, DeskSign,
    SellerIdentity, SellerPolicy, SellerFigures,
    Review, ReviewReport, SellerStars,
    MailIn, MailInFile,
    Notice, NoticePerson,
]  # fmt: skip

APP_CONFIG = AppConfig(
    app_name="comptoir",
    migrations_folder_path=str(Path(__file__).parent.parent / "migrations"),
    table_classes=TABLES,
)
