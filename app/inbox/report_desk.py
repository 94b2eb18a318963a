"""How soon the desk answers and what it is asked, in a picture and a table of the same numbers, and as a file."""

from typing import Any

from litestar import Request, Response, get

from app.i18n import _, voice
from app.inbox import reasons, report_cards, reports
from app.inbox.door import INBOX
from app.merchants import door
from app.web import access

REPORT = f"{INBOX}/report"


@get(REPORT, access=access.DESK)
async def report(request: Request) -> Response[Any]:
    desk, said = request.auth, voice()
    weeks = reports.period_of(request.query_params.get("weeks", ""))
    it, here = await reports.of_merchant(desk.merchant, weeks, said.zone), f"{desk.url}/inbox/report"
    names, words = report_cards.kinds(said), reasons.words(said)
    return door.shown(
        request,
        "inbox/desk/report",
        periods=[(_("%(num)d weeks") % {"num": n}, f"{here}?weeks={n}", n == weeks) for n in reports.PERIODS],
        times=[
            report_cards.times(it.first_reply, _("First reply"), said),
            report_cards.times(it.resolution, _("Until closed"), said),
        ],
        bars=report_cards.bars(it.weeks, said),
        weeks=[(said.near_day(start), n) for start, n in it.weeks],
        kinds=[(names[kind], n) for kind, n in it.kinds],
        labels=it.labels,
        reasons=[(words[reason], n) for reason, n in it.reasons],
        total=sum(n for _start, n in it.weeks),
        wide=report_cards.WIDE,
        high=report_cards.HIGH,
        foot=report_cards.HIGH - report_cards.FOOT,
        file=f"{here}.csv?weeks={weeks}",
    )


@get(f"{REPORT}.csv", access=access.DESK)
async def as_csv(request: Request) -> Response[bytes]:
    weeks = reports.period_of(request.query_params.get("weeks", ""))
    content = reports.as_csv(await reports.of_merchant(request.auth.merchant, weeks, voice().zone))
    headers = {"Content-Disposition": f'attachment; filename="inbox-{weeks}-weeks.csv"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv", headers=headers)


MEMBERS = [report, as_csv]
