"""A mail server to send to in tests, and one that breaks off at a chosen point."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Sink:
    """Takes every mail, or answers as told: `at_rcpt` and `at_data` are whole SMTP answers."""

    at_rcpt: str = ""
    at_data: str = "250 2.0.0 Ok: queued as 4B1C2D"
    taken: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.at_rcpt:
            envelope.rcpt_tos.append(address)
        return self.at_rcpt or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.at_data.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append(content)
            self.senders.append(str(envelope.mail_from))
        return self.at_data


def free_port() -> int:
    """A port of this machine that nothing uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(sink: Sink) -> Iterator[int]:
    """Runs the sink; gives its port."""
    controller = Controller(sink, hostname="127.0.0.1", port=free_port(), ready_timeout=20)
    controller.start()
    try:
        yield int(controller.port)
    finally:
        controller.stop()


@contextmanager
def scripted_server(answers: list[bytes | None]) -> Iterator[tuple[int, list[bytes]]]:
    """One connection to a server that gives these answers in turn (None: breaks off); port, and the lines heard."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(20)

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            body = False
            for answer in answers:
                if answer is None:
                    return
                connection.sendall(answer + b"\r\n")
                body = body or answer.startswith(b"354")
                for line in lines:
                    heard.append(line.rstrip(b"\r\n"))
                    if not body or line == b".\r\n":
                        body = False
                        break

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        thread.join(20)
        listener.close()
