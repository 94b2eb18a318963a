"""Which tables Piccolo's migrations know, and where the migrations are."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.accounts.tables import Customer, Session, SignInAttempt, SignInCode, SignInLink
from app.events.tables import Event
from app.merchants.tables import ApiKey, Merchant
from app.orders.tables import Order, OrderLine
from app.payments.tables import Payment, Refund
from app.shipments.tables import Shipment, ShipmentLine

TABLES = [
    Customer, Session, SignInAttempt, SignInCode, SignInLink, Merchant, ApiKey,
    Event, Order, OrderLine, Payment, Refund, Shipment, ShipmentLine,
]  # fmt: skip

APP_CONFIG = AppConfig(
    app_name="comptoir",
    migrations_folder_path=str(Path(__file__).parent.parent / "migrations"),
    table_classes=TABLES,
)
