"""What the demo shop's carriers call things, each in its own language."""

LANGUAGES = {"Colissimo": "fr", "La Poste": "fr", "Chronopost": "fr", "Swiss Post": "fr", "DHL": "de"}
WORDS = {
    "en": {
        "pending": "Shipment created",
        "info_received": "Shipment information received",
        "picked_up": "Picked up by the carrier",
        "in_transit": "Processed at the sorting centre",
        "on_hold": "Clearance event: waiting for customs",
        "delayed": "Delayed by severe weather",
        "out_for_delivery": "Out for delivery today",
        "ready_for_pickup": "Ready for collection",
        "attempt_failed": "Delivery attempted: recipient not home",
        "delivered": "Delivered",
        "returned_to_sender": "Returned to the shipper",
    },
    "fr": {
        "pending": "Étiquette créée",
        "info_received": "Votre expéditeur prépare votre colis",
        "picked_up": "Votre colis est pris en charge",
        "in_transit": "Votre colis est en cours d’acheminement",
        "on_hold": "Votre colis est en cours de dédouanement",
        "delayed": "Votre colis est retardé par les intempéries",
        "out_for_delivery": "Votre colis est en cours de livraison",
        "ready_for_pickup": "Votre colis est disponible dans votre point de retrait",
        "attempt_failed": "Vous étiez absent lors du passage du facteur",
        "delivered": "Votre colis est livré",
        "returned_to_sender": "Votre colis est retourné à l’expéditeur",
    },
    "de": {
        "pending": "Sendung angelegt",
        "info_received": "Die Auftragsdaten zu dieser Sendung wurden übermittelt",
        "picked_up": "Die Sendung wurde abgeholt",
        "in_transit": "Die Sendung wurde im Paketzentrum bearbeitet",
        "on_hold": "Die Sendung wird verzollt",
        "delayed": "Die Zustellung verzögert sich wegen des Wetters",
        "out_for_delivery": "Die Sendung wurde in das Zustellfahrzeug geladen",
        "ready_for_pickup": "Die Sendung liegt zur Abholung bereit",
        "attempt_failed": "Zustellversuch: der Empfänger wurde nicht angetroffen",
        "delivered": "Die Sendung wurde zugestellt",
        "returned_to_sender": "Die Sendung wird an den Absender zurückgeschickt",
    },
}
