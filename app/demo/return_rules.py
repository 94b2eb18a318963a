"""What the three sellers of the demo shop take back, and how."""

from app.demo.catalogue import MERCHANTS, Merchant
from app.returns.rule_book import Exclusion, Restocking, ReturnAddress, Rules, Window


def _home(merchant: Merchant) -> ReturnAddress:
    street, town, _country = merchant.address
    postal_code, _space, city = town.partition(" ")
    return ReturnAddress(
        company=merchant.legal_name, street=street, postal_code=postal_code, city=city, country=merchant.country
    )  # fmt: skip


NORD, LAMBERT, ALPAGES = map(_home, MERCHANTS)
RULES = {
    "atelier-nord": Rules(
        default_days=30,
        exclusions=(Exclusion(patterns=("Gift cards",), reason="not_returned"),),
        auto_below={"EUR": 6000},
        auto_reasons=("changed_mind", "wrong_size"),
        shipping_paid_by={"wrong_size": "merchant"},
        shipping_fee={"EUR": 490},
        credit_bonus=500,
        ways=("drop_off", "label", "own_carrier"),
        carrier="UPS",
        return_address=NORD,
    ),
    "hifi-lambert": Rules(
        default_days=60,
        windows=(Window(patterns=("Accessories",), days=30),),
        exclusions=(
            Exclusion(patterns=("Records",), reason="recording"),
            Exclusion(patterns=("Downloads",), reason="digital_content"),
            Exclusion(patterns=("sku:HL-EARBUDS",), reason="hygiene"),
        ),
        shipping_fee={"EUR": 690},
        restocking=(Restocking(patterns=("Loudspeakers", "Amplifiers"), basis_points=1000),),
        ways=("drop_off", "label", "pick_up", "own_carrier"),
        carrier="DHL",
        return_address=LAMBERT,
    ),
    "alpages": Rules(
        default_days=30,
        exclusions=(Exclusion(patterns=("Food",), reason="perishable"),),
        shipping_fee={"CHF": 700},
        credit_bonus=1000,
        ways=("label", "own_carrier"),
        carrier="Swiss Post",
        return_address=ALPAGES,
    ),
}
