"""Where a carrier shows a parcel to the public, for sources that name carrier and number but give no link.

The addresses are the carriers' own public tracking pages. A carrier without one here simply has no link.
"""

from urllib.parse import quote

from app.search import folded

PAGES = {
    "canadapost": "https://www.canadapost-postescanada.ca/track-reperage/en#/details/{}",
    "chronopost": "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={}",
    "colissimo": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "dhlexpress": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "dpd": "https://tracking.dpd.de/status/en_US/parcel/{}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "gls": "https://gls-group.com/track/{}",
    "hermes": "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation/#{}",
    "laposte": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "mondialrelay": "https://www.mondialrelay.fr/suivi-de-colis?numeroExpedition={}",
    "royalmail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "swisspost": "https://service.post.ch/ekp-web/ui/entry/search/{}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
}


def page(carrier: str, number: str) -> str:
    """The page of one parcel; an empty text for a carrier we know none of, or without a number."""
    name = "".join(sign for sign in folded(carrier) if sign.isalnum())
    pattern = PAGES.get(name, "")
    return pattern.format(quote(number.strip(), safe="")) if pattern and number.strip() else ""
