"""What an import was asked for, checked before anything is read or written."""

import os
from argparse import Namespace
from pathlib import Path
from zoneinfo import ZoneInfo

from app.accounts import email_address
from app.commands.stop import Stop
from app.errors import Invalid
from app.ingest import spreadsheet
from app.ingest.reading import Reading
from app.merchants.actions import SLUG

NAMES = {"amazon": "Amazon", "shopify": "Shopify", "woocommerce": "WooCommerce"}
OWN_EXPORT = "comptoir"  # names customer and merchant of every order itself


def reading_of(options: Namespace) -> Reading:
    """Raises Stop for whatever cannot be meant."""
    _check_files(options.files, options.report)
    if options.source == OWN_EXPORT and (options.customer or options.merchant):
        raise Stop("--customer, --merchant: our own export names the customer and the merchant of every order")
    customer, mapping = _customer(options.customer), _mapping(options)
    merchant = options.merchant or _merchant(options.source, mapping)
    if merchant and not SLUG.fullmatch(merchant):
        raise Stop(f"--merchant: “{merchant}” is not a short name: lower-case letters, digits and hyphens")
    return Reading(
        merchant=merchant,
        customer=customer,
        zone=_zone(options.zone),
        mapping=mapping,
        total_bytes=sum(path.stat().st_size for path in options.files),
    )


def merchant_name(options: Namespace, slug: str) -> str:
    return options.merchant_name or (NAMES.get(slug) if not options.merchant else "") or slug


def _check_files(paths: list[Path], report: Path | None) -> None:
    for path in paths:
        if not path.is_file():
            raise Stop(f"{path}: {'is not a file' if path.exists() else 'there is no such file'}")
        if not os.access(path, os.R_OK):
            raise Stop(f"{path}: may not be read")
        if report and report.exists() and report.samefile(path):
            raise Stop(f"--report: {report} is one of the files to be read")


def _customer(email: str) -> str:
    try:
        return email_address.normal(email) if email else ""
    except Invalid as error:
        raise Stop(f"--customer: “{email}” is not an e-mail address") from error


def _mapping(options: Namespace) -> Path | None:
    if options.source != "spreadsheet":
        if options.mapping:
            raise Stop(f"--mapping: {options.source} needs none; it is for spreadsheets")
        return None
    if not options.mapping:
        raise Stop("a spreadsheet needs --mapping NAME|FILE")
    try:
        return spreadsheet.mapping_path(options.mapping)
    except ValueError as error:
        raise Stop(f"--mapping: {error}") from error


def _merchant(source: str, mapping: Path | None) -> str:
    """A spreadsheet's is called after its mapping, when that makes a short name."""
    if source == OWN_EXPORT:
        return ""
    return mapping.stem if mapping and SLUG.fullmatch(mapping.stem) else source


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as error:
        raise Stop(f"--zone: “{name}” is not a time zone such as Europe/Paris") from error
