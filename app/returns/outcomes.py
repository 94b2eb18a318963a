"""What a settled return has come to, as its row is read: how far the order that ships in exchange is, and the money.

`exchange_stage` is that order's own, empty where there is none. `money` is “due” while some of what was decided is not sent
yet, “sent” once all of it is, “arrived” when its customer has it, “failed” where nothing of it went through; empty without any.
`money_at` is when the last of it was sent. For `returns r`.

Of an exchange that was cancelled before any of it was sent (`exchange_off_at`): `exchange_back` goes back for it, or has; so
much of that is sent (`exchange_sent`). It is what its cancellation or a withdrawal has promised until that is settled, then
what was given.
"""

UNDER_WAY = "('approved', 'acknowledged')"  # agreed to, or declared, and not settled

FAILED = """
CASE WHEN EXISTS (SELECT 1 FROM refunds f WHERE f.of_return = r.id) THEN 'failed' ELSE '' END
"""
ITS_REFUNDS = """
SELECT coalesce(SUM(f.amount + f.bonus), 0) FROM refunds f
WHERE f.state <> 'failed' AND (f.for_order = x.id OR (f."order" = x.id AND f.for_order IS NULL))
"""
SETTLED = f"NOT EXISTS (SELECT 1 FROM returns k WHERE k.id = f.of_return AND k.state IN {UNDER_WAY})"  # noqa: S608
GONE = "(f.sent_at IS NOT NULL OR f.state = 'succeeded')"
OFF = "(SELECT {what} FROM orders x WHERE x.id = r.exchange AND x.stage = 'cancelled' AND x.fulfilment = 'unfulfilled')"
BACK = f"""({ITS_REFUNDS} AND {SETTLED}) + (SELECT coalesce(SUM(l.expected), 0) FROM return_lines l
  JOIN returns k ON k.id = l.of_return
  WHERE l."order" = x.id AND k.kind IN ('cancellation', 'withdrawal') AND k.state IN {UNDER_WAY})"""  # noqa: S608
OUTCOME = {
    "exchange_stage": "coalesce((SELECT x.stage FROM orders x WHERE x.id = r.exchange), '')",
    "exchange_off_at": OFF.format(what="coalesce(x.cancelled_at, x.placed_at)"),
    "exchange_back": f"coalesce({OFF.format(what=BACK)}, 0)",
    "exchange_sent": f"coalesce({OFF.format(what=f'({ITS_REFUNDS} AND {GONE})')}, 0)",
    "money": f"""CASE WHEN r.settled_at IS NULL THEN '' ELSE (
      SELECT CASE WHEN count(*) = 0 THEN {FAILED}
        WHEN SUM(CASE WHEN m.state <> 'succeeded' AND m.sent_at IS NULL THEN 1 ELSE 0 END) > 0 THEN 'due'
        WHEN SUM(CASE WHEN m.arrived_at IS NULL THEN 1 ELSE 0 END) > 0 THEN 'sent' ELSE 'arrived' END
      FROM refunds m WHERE m.of_return = r.id AND m.state <> 'failed') END""",  # noqa: S608 - our own words
    "money_at": "(SELECT MAX(coalesce(m.sent_at, m.at)) FROM refunds m WHERE m.of_return = r.id AND m.state = 'succeeded')",
}
