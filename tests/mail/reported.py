"""A report of a failed mail, as Postfix writes it."""


def report(
    message_id: str, *, final: str = "alice@example.com", original: str = "", to: str = "alice@example.com",
    action: str = "failed", status: str = "5.1.1", returned: str = "text/rfc822-headers",
) -> bytes:  # fmt: skip
    also = f"Original-Recipient: rfc822;{original}\n" if original else ""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: no-reply@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B0"

--B0
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example. Your message could not be delivered.

--B0
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Fri, 27 Nov 2026 06:00:00 +0000 (UTC)

Final-Recipient: rfc822; {final}
{also}Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 5.1.1 <alice@example.com>: Recipient address
    rejected

--B0
Content-Type: {returned}

From: Comptoir <no-reply@localhost>
To: {to}
Subject: Delivered
Message-ID: <{message_id}@localhost>

--B0--
""".encode()
