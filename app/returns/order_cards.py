"""What an order's page says of its returns: their names, as links; and what they hold of its lines."""

from collections.abc import Sequence

from msgspec import Struct

from app.i18n import Voice
from app.reading import Part
from app.returns import holding, sentences


class OfOrder(Struct, frozen=True, array_like=True):
    """`titles`: the first of what is in it, a line each; `lines` how many there are."""

    code: str
    kind: str
    titles: str
    lines: int


# For `reading.together` with the order's id.
PARTS = (Part(
    OfOrder,
    'FROM returns r WHERE r.id IN (SELECT of_return FROM return_lines WHERE "order" = {}) '
    "AND r.state <> 'unconfirmed' ORDER BY r.id",
    "r.code, r.kind, r.titles, (SELECT count(*) FROM return_lines l WHERE l.of_return = r.id)",
), holding.PART)  # fmt: skip


def links(found: Sequence[OfOrder], voice: Voice) -> list[tuple[str, str]]:
    """Name and address of each, the oldest first: “Return R-7K3F9QXM: Teapot and 1 more”."""
    names, text = sentences.kinds(voice), voice.gettext("%(kind)s %(code)s: %(what)s")
    return [(text % {"kind": names[it.kind], "code": it.code, "what": _what(it, voice)}, f"/returns/{it.code}") for it in found]


def _what(it: OfOrder, voice: Voice) -> str:
    title, more = it.titles.partition("\n")[0], it.lines - 1
    if more < 1:
        return title
    return f"{title} {voice.ngettext('and %(num)d more', 'and %(num)d more', more) % {'num': more}}"
