"""The smallest file in MaxMind DB format 2.0 (its specification's sections “Binary Search Tree” and “Data”): no library that
we have writes one."""

from ipaddress import ip_network
from pathlib import Path
from typing import Any

LYON = {
    "city": {"names": {"en": "Lyon", "fr": "Lyon"}},
    "country": {"iso_code": "FR", "names": {"en": "France", "fr": "France"}},
}
COLOGNE = {
    "city": {"names": {"en": "Cologne", "fr": "Cologne", "de": "Köln"}},
    "country": {"iso_code": "DE", "names": {"en": "Germany", "fr": "Allemagne"}},
}
SOMEWHERE_IN_JAPAN = {"country": {"iso_code": "JP"}}
MARK = b"\xab\xcd\xefMaxMind.com"
MAP, TEXT, NUMBERS, ARRAY = 7, 2, {"uint16": 5, "uint32": 6, "uint64": 9}, 11


def written(path: Path, networks: dict[str, Any], kind: str = "GeoLite2-City", **about: Any) -> Path:
    """`networks`: "203.0.113.0/24" → record; IPv4 stands under ::/96, as the format has it."""
    nodes: list[list[Any]] = [[None, None]]
    data = b""
    for network, record in networks.items():
        _put(nodes, network, len(data))
        data += _encoded(record)
    tree = b"".join(_record(side, len(nodes)) for node in nodes for side in node)
    metadata = {
        "node_count": ("uint32", len(nodes)), "record_size": ("uint16", 32), "ip_version": ("uint16", 6), "database_type": kind,
        "languages": ["en", "fr"], "binary_format_major_version": ("uint16", 2), "binary_format_minor_version": ("uint16", 0),
        "build_epoch": ("uint64", 1_795_000_000), "description": {"en": "for tests"}, **about,
    }  # fmt: skip
    path.write_bytes(tree + bytes(16) + data + MARK + _encoded(metadata))
    return path


def _put(nodes: list[list[Any]], network: str, offset: int) -> None:
    parsed = ip_network(network)
    bits = f"{int(parsed.network_address):0{128 if parsed.version == 6 else 32}b}"[: parsed.prefixlen]
    bits, node = bits if parsed.version == 6 else "0" * 96 + bits, 0
    for bit in bits[:-1]:
        if nodes[node][int(bit)] is None:
            nodes.append([None, None])
            nodes[node][int(bit)] = ("node", len(nodes) - 1)
        node = nodes[node][int(bit)][1]
    nodes[node][int(bits[-1])] = ("data", offset)


def _record(side: Any, count: int) -> bytes:
    """Another node, nothing (the number of nodes), or data: behind it by its offset and the sixteen zeros between."""
    number = count if side is None else side[1] if side[0] == "node" else count + 16 + side[1]
    return int(number).to_bytes(4, "big")


def _encoded(value: Any) -> bytes:
    match value:
        case str():
            return _control(TEXT, len(value.encode())) + value.encode()
        case dict():
            return _control(MAP, len(value)) + b"".join(_encoded(key) + _encoded(it) for key, it in value.items())
        case list():
            return _control(ARRAY, len(value)) + b"".join(map(_encoded, value))
        case (kind, number):
            raw = number.to_bytes(8, "big").lstrip(b"\x00")
            return _control(NUMBERS[kind], len(raw)) + raw
    raise TypeError(value)


def _control(kind: int, size: int) -> bytes:
    """Type in the upper three bits, or in a byte of its own from 8 on; size in the lower five, one byte more from 29 on."""
    assert size < 29 + 256
    lower, more = (size, b"") if size < 29 else (29, bytes([size - 29]))
    return (bytes([kind << 5 | lower]) if kind < 8 else bytes([lower, kind - 7])) + more
