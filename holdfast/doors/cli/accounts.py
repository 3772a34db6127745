"""`holdfast accounts`: how staff of the directory sign in, and tokens for their programs."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import timedelta


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `accounts add|token|revoke|close|list`."""
    parser = subparsers.add_parser("accounts", help="let staff and their programs sign in")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    new = actions.add_parser("add", help="make an account; the password is asked for, or read from the standard input")
    new.add_argument("staff", metavar="STAFF", help="an id of the directory")
    new.add_argument("--username", help="the name to sign in with (default: the id)")
    new.set_defaults(run=_add)
    token = actions.add_parser("token", help="make an API token, printed once")
    token.add_argument("staff", metavar="STAFF", help="whose token it is: it may do what they may do")
    token.add_argument("--name", default="token", help="what it is for")
    token.add_argument("--days", type=int, default=90, help="how long it holds (default 90, at most 366)")
    token.set_defaults(run=_token)
    revoke = actions.add_parser("revoke", help="end the API tokens of somebody")
    revoke.add_argument("staff", metavar="STAFF")
    revoke.add_argument("--name", help="only those of this name")
    revoke.set_defaults(run=_revoke)
    close = actions.add_parser(
        "close", help="move all that somebody holds to another, then end their account and tokens"
    )
    close.add_argument("staff", metavar="STAFF")
    close.add_argument("--to", metavar="STAFF", default="", help="who takes over; without it, say only what they hold")
    close.add_argument("--by", metavar="STAFF", default="system", help="the administrator who answers for it")
    close.set_defaults(run=_close)
    listed = actions.add_parser("list", help="who can sign in, and which tokens hold")
    listed.set_defaults(run=_list)


def _add(arguments: argparse.Namespace) -> int:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from holdfast.directory.models import Account

    if not _known(arguments.staff):
        return 1
    username = arguments.username or arguments.staff
    if Account.objects.filter(username=username).exists():
        return _no(f"There is an account {username} already.")
    password = _password()
    try:
        validate_password(password)
    except ValidationError as faults:
        return _no(" ".join(faults.messages))
    Account.objects.create_account(username, arguments.staff, password)
    print(f"{arguments.staff} can sign in as {username}.")
    return 0


def _token(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from holdfast.doors.api.tokens import make_token

    if not _known(arguments.staff):
        return 1
    try:
        secret = make_token(arguments.staff, arguments.name, timezone.now(), timedelta(days=arguments.days))
    except (ValueError, OverflowError):
        return _no("A token holds for 1 to 366 days.")
    print(secret)
    print("Keep it as you keep a password: it is shown only now.", file=sys.stderr)
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from holdfast.doors.api.tokens import revoke_tokens

    print(f"{revoke_tokens(arguments.staff, timezone.now(), arguments.name)} token(s) ended.")
    return 0


def _close(arguments: argparse.Namespace) -> int:
    """Whoever still holds something is not closed without somebody who takes it over; then all of it moves in one go (BEY-09)."""
    from django.utils import timezone

    from holdfast.desk.leaving import close_person
    from holdfast.desk.office import the_desk
    from holdfast.doors.api.tokens import revoke_tokens

    outcome = close_person(the_desk(), arguments.staff, arguments.to, arguments.by, "cli")
    if outcome.refusal is not None:
        return _no(outcome.refusal.says)
    print(f"The account is closed; {revoke_tokens(arguments.staff, timezone.now())} token(s) ended.")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from holdfast.directory.models import Account
    from holdfast.doors.api.models import Token

    for account in Account.objects.order_by("username"):
        print(f"{account.username}: {account.staff}{'' if account.is_active else ', closed'}")
    for token in Token.objects.filter(revoked_at=None, ends_at__gt=timezone.now()).order_by("staff", "ends_at"):
        print(f"token {token.name}: {token.staff}, until {token.ends_at:%Y-%m-%d}")
    return 0


def _known(staff: str) -> bool:
    from holdfast.directory.snapshot import current_version, load

    person = load(current_version()).staff.get(staff)
    if person is None or not person.active:
        _no(f"{staff} is not an active member of staff of the directory.")
        return False
    if not person.account:
        _no(f"{person.name} has no account of their own, as the directory says: they answer by secure link.")
        return False
    return True


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


def _no(says: str) -> int:
    print(says, file=sys.stderr)
    return 1
