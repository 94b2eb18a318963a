"""The forty products of the demo shop. Prices are in minor units of the merchant's currency, weights in grams."""

from functools import partial
from typing import Literal

from msgspec import Struct

TaxKind = Literal["standard", "food", "voucher"]


class Product(Struct, frozen=True):
    """What a merchant sells. `tax` says which rate applies; a digital product is not shipped."""

    sku: str
    title: str
    category: str
    price: int
    weight: int
    variants: tuple[str, ...] = ("",)
    merchant: str = ""
    tax: TaxKind = "standard"
    digital: bool = False

    @property
    def picture(self) -> str:
        return f"demo-{self.sku.lower()}.svg"


nord = partial(Product, merchant="atelier-nord")
lambert = partial(Product, merchant="hifi-lambert")
alpages = partial(Product, merchant="alpages")
edible = partial(Product, merchant="alpages", tax="food")

GLAZES = ("Bleu nuit", "Sauge", "Terre cuite", "Craie")
COLOURS = ("Ocre", "Sauge", "Bleu nuit", "Rouille", "Écru", "Anthracite", "Rose poudré", "Céladon")
FINISHES = ("Oiled oak", "Walnut", "Black ash")
SIZES = tuple(f"{colour}, EU {size}" for colour in ("Cognac", "Anthracite") for size in range(36, 48))

PRODUCTS: tuple[Product, ...] = (
    nord("AN-TEAPOT", "Teapot “Brume”, 1.2 l", "Tableware", 4800, 1150, GLAZES),
    nord("AN-CUPS", "Cup “Brume”, set of two", "Tableware", 3900, 620, GLAZES),
    nord("AN-PLATE", "Dinner plate “Herbier”, Ø 27 cm", "Tableware", 2600, 780, ("Rameau", "Fougère", "Plain")),
    nord("AN-BOWL", "Salad bowl “Marée”, Ø 30 cm", "Tableware", 5400, 1900, ("Lagune", "Sable")),
    nord("AN-VASE", "Vase “Dune”, 28 cm", "Home", 6500, 1600, ("Rose des sables", "Blanc cassé", "Ardoise")),
    nord("AN-PITCHER", "Pitcher “À l’ombre”, 1.5 l", "Tableware", 4250, 1300, ("Céladon", "Craie")),
    nord(
        "AN-TABLECLOTH",
        "Tablecloth “Garrigue” in stonewashed linen from the Lys valley, with mitred corners and a hand-sewn hem, "
        "170 × 250 cm, for a table of six to eight",
        "Linen",
        12900,
        1200,
        ("Écru, rust stripe", "Écru, blue stripe", "Natural"),
    ),
    nord("AN-CUSHION", "Cushion cover “Sologne”, 45 × 45 cm", "Linen", 3400, 350, COLOURS),
    nord("AN-LAMP", "Table lamp “Luciole”", "Lighting", 14900, 2700, ("Canard, saffron shade", "Craie, linen shade")),
    nord("AN-CANDLE", "Scented candle “Figuier d’été”, 220 g", "Home", 3200, 540),
    nord("AN-CLOCK", "Wall clock “Midi”, Ø 32 cm", "Home", 8900, 1250, FINISHES[:2]),
    nord("AN-STOOL", "Stool “Trépied” in oiled oak", "Furniture", 14500, 4300, ("45 cm", "65 cm")),
    nord("AN-CASSEROLE", "Cast-iron casserole “Mijoté”, 4.2 l", "Kitchen", 16500, 5200, ("Coquelicot", "Graphite")),
    nord("AN-POT", "Plant pot “Serre”, Ø 18 cm", "Home", 2800, 1400, ("Terre cuite", "Sauge")),
    nord("AN-GIFT-CARD", "Gift card", "Gift cards", 5000, 0, tax="voucher", digital=True),
    lambert("HL-HEADPHONES", "Wireless headphones “Écho 300”", "Headphones", 24900, 640, ("Noir", "Ivoire", "Indigo")),
    lambert("HL-EARBUDS", "In-ear headphones “Écho Mini”", "Headphones", 11900, 180, ("Ivoire", "Noir")),
    lambert("HL-TURNTABLE", "Turntable “Sillon II” with cartridge", "Turntables", 48900, 8600, FINISHES),
    lambert("HL-SPEAKERS", "Bookshelf loudspeakers “Chêne 5”, pair", "Loudspeakers", 39800, 11200, FINISHES),
    lambert("HL-PORTABLE", "Portable speaker “Galet”", "Loudspeakers", 8900, 760, ("Canard", "Sable", "Corail")),
    lambert("HL-AMPLIFIER", "Integrated amplifier “Ampère 60”", "Amplifiers", 62000, 9400, FINISHES[:2]),
    lambert(
        "HL-VINYL",
        "L’Orchestre de la rue Lepic: “Nuits d’été”, recorded live at the Cité de la Musique in Strasbourg, "
        "double vinyl 180 g, numbered first pressing with a 24-page booklet",
        "Records",
        3400,
        620,
    ),
    lambert("HL-RADIO", "Kitchen radio “Ondine”, FM and DAB+", "Radios", 15900, 1900, ("Brique", "Crème", "Tilleul")),
    lambert("HL-CABLE", "Loudspeaker cable 2 × 2.5 mm²", "Accessories", 2400, 420, ("3 m", "5 m", "10 m", "15 m")),
    lambert("HL-MICROPHONE", "Studio microphone “Plume”", "Studio", 17900, 980, ("Corail", "Noir")),
    lambert("HL-METRONOME", "Metronome “Andante” in beech", "Studio", 6800, 560, ("Clair", "Foncé")),
    lambert("HL-DOWNLOAD", "“Nuits d’été”, album, 24-bit FLAC download", "Downloads", 1290, 0, digital=True),
    edible("AL-CHEESE", "Emmentaler AOP d’alpage, 14 months, 500 g", "Food", 1450, 520),
    edible("AL-CHOCOLATE", "Dark chocolate “Crête” 72 %, gentian", "Food", 690, 110, ("Bar 100 g", "Box of ten")),
    edible("AL-HONEY", "Mountain-flower honey “Prés-d’en-Haut”, 500 g", "Food", 1650, 780),
    edible("AL-TISANE", "Herbal tea “Tisane des dames”, 60 g", "Food", 1190, 95),
    alpages("AL-BACKPACK", "Backpack “Col 28”, 28 l", "Packs", 14900, 1080, ("Sapin", "Ardoise", "Safran")),
    alpages("AL-BOOTS", "Hiking boots “Lapiaz”, resoleable", "Footwear", 26900, 1350, SIZES),
    alpages("AL-BOTTLE", "Vacuum bottle “Névé”, 0.75 l", "Camp", 3950, 390, ("Glacier", "Granit")),
    alpages("AL-KNIFE", "Pocket knife “L’Onglet”", "Camp", 5900, 120, ("Rouge", "Noyer")),
    alpages("AL-BEANIE", "Merino hat “Bise”", "Clothing", 4500, 90, ("Rouge et bleu", "Gris chiné", "Nuit")),
    alpages("AL-TENT", "Tent “Bivouac 2”", "Camp", 38900, 2150, ("Safran", "Lichen")),
    alpages("AL-LANTERN", "Camp lantern “Vallon”, rechargeable", "Camp", 7900, 640),
    alpages("AL-FONDUE", "Fondue set “Moitié-moitié”, four forks", "Kitchen", 11900, 3800, ("Brique", "Noir")),
    alpages("AL-SLEDGE", "Sledge “Davos” in ash, 100 cm", "Winter", 16900, 5600),
)

BY_SKU = {product.sku: product for product in PRODUCTS}
