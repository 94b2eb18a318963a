"""Letters of bytes, where what a mail says of them may be missing, unknown or wrong."""

import re
from email.header import decode_header

# What is said → what is meant: browsers read Latin-1 as Windows' own, and so did whoever wrote it (encoding.spec.whatwg.org).
# Nothing else that Python knows: some of its codecs run programs of their own, or take for ever.
MEANT = {
    "ascii": "cp1252", "us-ascii": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso8859-1": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-8859-8-i": "iso8859-8", "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman", "tis-620": "cp874", "unicode": "utf-16",
}  # fmt: skip
KNOWN = re.compile(
    r"utf-?(8|16|16le|16be)|(windows|cp)-?(125[0-8]|874|85[02]|437|932|949)|iso-8859-\d{1,2}|koi8-[ru]|gb18030|big5(-hkscs)?"
    r"|euc-jp|iso-2022-jp|iso8859-8|mac_roman"
)
LATIN = ("cp1252", "iso-8859-15")


def decoded(raw: bytes, said: str | None) -> str:
    """Never fails: what cannot be read shows that it could not."""
    name = _name(said)
    if name is None or name in LATIN or name.startswith(("utf-8", "utf8")):
        try:
            return raw.decode("utf-8-sig")  # of Latin-1, hardly anything is UTF-8 by chance
        except UnicodeDecodeError:
            name = name if name in LATIN else "cp1252"
    return raw.decode(name, "replace")


def words(header: str) -> str:
    """A header as it is meant (RFC 2047), in one line; raw bytes in it as far as they can be read."""
    raw = header.encode("utf-8", "surrogateescape")
    text = " ".join(decoded(raw, None).split())
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text)
    except ValueError:  # base64 that is none
        return text
    return " ".join("".join(_part(part, said) for part, said in parts).split())


def _part(part: bytes | str, said: str | None) -> str:
    if isinstance(part, str):
        return part
    return decoded(part, said) if said else part.decode("utf-8", "replace")


def _name(said: str | None) -> str | None:
    """None for none, and for one that nobody knows."""
    name = (said or "").strip().strip("'\"").lower()
    name = MEANT.get(name, name)
    if name == "iso-8859-1":
        return "cp1252"
    if not KNOWN.fullmatch(name):
        return None
    return re.sub(r"^windows-?|^cp-", "cp", name)
