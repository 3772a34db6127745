"""Writes a bounce as a mail server would, into the return folder of the demo."""

from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime


def bounce_of(mail: bytes, envelope_sender: str, to_address: str, at: datetime, mail_id: str) -> bytes:
    """An RFC 3464 report saying that the mailbox does not exist; the same arguments give the same bytes."""
    domain = envelope_sender.rpartition("@")[2]
    report = MIMEMultipart("report", boundary=f"=_bounce_{mail_id}", policy=SMTP)
    report.set_param("report-type", "delivery-status")
    report["Date"] = format_datetime(at)
    report["From"] = f"Mail Delivery System <MAILER-DAEMON@{domain}>"
    report["To"] = envelope_sender
    report["Subject"] = "Undelivered mail returned to sender"
    report["Message-ID"] = f"<bounce.{mail_id}@{domain}>"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText("The message could not be delivered: the mailbox does not exist.\n", "plain", "us-ascii"))
    status = MIMENonMultipart("message", "delivery-status")
    status.set_payload(
        [
            _fields(("Reporting-MTA", f"dns; {domain}")),
            _fields(
                ("Final-Recipient", f"rfc822; {to_address}"),
                ("Action", "failed"),
                ("Status", "5.1.1"),
                ("Diagnostic-Code", "smtp; 550 5.1.1 no such mailbox"),
            ),
        ]
    )
    report.attach(status)
    original = message_from_bytes(mail)
    headers = "".join(f"{name}: {value}\n" for name, value in original.items())
    returned = MIMEText(headers, "rfc822-headers", "us-ascii")
    report.attach(returned)
    return report.as_bytes(policy=SMTP)


def _fields(*pairs: tuple[str, str]) -> Message:
    block = EmailMessage(policy=SMTP)
    for name, value in pairs:
        block[name] = value
    return block
