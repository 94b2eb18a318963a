"""What was sent lately, a sentence a topic: “3 this month, last on 12 Nov by e-mail”."""

from datetime import datetime

from msgspec import Struct

from app import clock, reading
from app.i18n import Voice
from app.notifications.kinds import TOPICS
from app.notifications.wording import ways_named

COUNTS = "FROM notifications WHERE customer = {} AND created_at >= {} GROUP BY topic"
LAST = """
FROM (
  SELECT n.topic, d.channel, max(d.sent_at) AS at FROM deliveries d JOIN notifications n ON n.id = d.notification
  WHERE n.customer = {} AND d.state = 'sent' GROUP BY n.topic, d.channel
  UNION ALL SELECT topic, 'app', max(created_at) FROM notifications WHERE customer = {} AND shown GROUP BY topic
) AS told ORDER BY at
"""


class Count(Struct, frozen=True, array_like=True):
    topic: str
    times: int


class Last(Struct, frozen=True, array_like=True):
    topic: str
    channel: str
    at: datetime


async def sentences(customer: int, voice: Voice) -> dict[str, str]:
    """By topic."""
    month = clock.start_of(voice.today().replace(day=1), voice.zone)
    counts = await reading.texts("topic, count(*)", COUNTS, customer, month)
    last = await reading.texts("topic, channel, at", LAST, customer, customer)
    times = {one.topic: one.times for one in map(reading.decoder(Count), counts)}
    newest = {one.topic: one for one in map(reading.decoder(Last), last)}
    return {topic: _sentence(times.get(topic, 0), newest.get(topic), voice) for topic in TOPICS}


def _sentence(times: int, last: Last | None, voice: Voice) -> str:
    if last is None:
        return voice.gettext("Nothing sent yet.")
    said = {"num": times, "day": voice.day(last.at), "way": ways_named(voice)[last.channel]}
    if not times:
        return voice.gettext("None this month, last on %(day)s %(way)s.") % said
    return (
        voice.ngettext("%(num)d this month, last on %(day)s %(way)s.", "%(num)d this month, last on %(day)s %(way)s.", times)
        % said
    )
