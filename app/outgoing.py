"""Requests to other people's servers, at addresses that strangers have typed: a merchant's webhook, a browser's push service;
at the end those to a server of the operator's own.

Whoever names an address here could have us ask whatever we can reach (OWASP: server-side request forgery). So: https only,
and what is connected to is the very address that was looked at: one that is public. Redirects are not followed. A counter on
somebody's own machine (`settings.local`) may call that machine, too.
"""

import errno
import re
import socket
from collections.abc import Mapping
from ipaddress import IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from msgspec import Struct

from app.i18n import _
from app.settings import settings

TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)  # seconds
MOST_READ = 500  # bytes of an answer, kept for whoever looks for the fault
LONGEST_WAIT = 86_400  # seconds that another side may ask for
NAT64 = IPv6Network("64:ff9b::/96")  # IPv4 addresses within IPv6 (RFC 6052)
# Private IPv4 addresses may stand behind these, or they are of one site; Python 3.11 takes them for global ones.
INSIDE = [IPv6Network(it) for it in ("64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96", "fec0::/10")]
PLAIN = re.compile(r"[a-z0-9._:-]*")
Session = aiohttp.ClientSession
HERE = ("localhost", "127.0.0.1", "::1")


class Answer(Struct, frozen=True):
    """`text` is its beginning; `retry_after` is in seconds, 0 where it was not said."""

    status: int
    text: str
    retry_after: int


class NoAnswer(Exception):
    """No such host, not a public one, no connection, nothing in time: the message says which."""


def fault(url: str) -> str:
    """Why we do not call there, in words; empty when we do."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return _("it is not an address")
    if not PLAIN.fullmatch(host):  # ①②⑦.0.0.1 is 127.0.0.1 to whoever makes ASCII of it
        return _("its host is not written in plain letters (xn--…)")
    if settings.local and host in HERE and parts.scheme in ("http", "https"):
        return ""
    if parts.scheme != "https" or not host:
        return _("it does not begin with https://")
    if parts.username is not None or parts.password is not None:
        return _("there is a name or a password in it")
    if port is not None and port < 1024 and port != 443:
        return _("port %(port)d is not one for this") % {"port": port}
    return _fault_of_host(host)


def _fault_of_host(host: str) -> str:
    try:
        return "" if public(host.rstrip(".")) else _("its address is not a public one")
    except ValueError:  # a name: its address is looked at when it is called
        return "" if "." in host.strip(".") and not host.rpartition(".")[2].isdecimal() else _("its host has no full name")


def public(address: str) -> bool:
    """Whether it is one of the internet at large (IANA's special-purpose registries). Raises ValueError for a name."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in NAT64:
            inner = ip_address(int(found) & 0xFFFFFFFF)  # type: ignore[assignment]
        found = inner or found
    return found.is_global and not found.is_multicast and not any(found in network for network in INSIDE)


class PublicResolver(AbstractResolver):
    """Answers with public addresses only, and the connection goes to one of these: no second look-up in between."""

    def __init__(self) -> None:
        self.system = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        found = await self.system.resolve(host, port, family)
        if settings.local and host in HERE:
            return found
        fine = [one for one in found if public(one["host"])]
        if not fine:
            raise OSError(errno.EHOSTUNREACH, f"{host} has no public address")
        return fine

    async def close(self) -> None:
        await self.system.close()


def session() -> Session:
    """To be closed by whoever opens it. No cookies, no proxies from the environment."""
    connector = aiohttp.TCPConnector(resolver=PublicResolver(), limit=100, limit_per_host=50, ttl_dns_cache=30)
    return Session(
        connector=connector, timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, raise_for_status=False
    )


async def post(session: Session, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Raises NoAnswer."""
    if wrong := fault(url):
        raise NoAnswer(wrong)
    try:
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            text = (await answer.content.read(MOST_READ)).decode(errors="replace")
            return Answer(answer.status, text, _seconds(answer.headers.get("Retry-After", "")))
    except TimeoutError as error:
        raise NoAnswer(f"no answer within {TIMEOUT.total:.0f} seconds") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}"[:MOST_READ]) from error


def own_session(seconds: float) -> Session:
    """For a server that the operator has set up, and named in a setting: it may be a private one. No cookies, no proxies from
    the environment."""
    return Session(
        timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=5), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
    )


async def ask(
    session: Session, method: str, url: str, headers: Mapping[str, str], *, body: bytes | None = None, most: int
) -> tuple[int, bytes]:
    """Status and body, which is no longer than `most` bytes. Redirects are not followed. Raises NoAnswer."""
    try:
        async with session.request(method, url, data=body, headers=headers, allow_redirects=False) as answer:
            found = bytearray()
            async for part in answer.content.iter_chunked(65_536):
                found += part
                if len(found) > most:
                    raise NoAnswer(f"the answer is longer than {most} bytes")
            return answer.status, bytes(found)
    except TimeoutError as error:
        raise NoAnswer(f"no answer within {session.timeout.total:.0f} seconds") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}"[:MOST_READ]) from error


def _seconds(said: str) -> int:
    """Of a Retry-After that is a number (RFC 9110, 10.2.3); a date is taken for none."""
    return min(int(said), LONGEST_WAIT) if said.isascii() and said.isdecimal() else 0
