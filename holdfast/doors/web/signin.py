"""Signing in and out: one account for each member of staff, few tries, and the invented people of the demo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from holdfast.directory.models import Account
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.web import tries

DEMO_PEOPLE = "demo-people.json"


class SignInForm(AuthenticationForm):
    """A user name and a password; the answer to a wrong one does not say which of the two was wrong."""

    username = forms.CharField(label=_("User name"), max_length=150)
    password = forms.CharField(label=_("Password"), strip=False)
    error_messages = {
        "invalid_login": _("The user name and password do not belong together. Check both and try again."),
        "inactive": _("This account is closed. Ask whoever keeps the directory."),
    }

    def clean(self) -> dict[str, Any]:
        """Refuse without looking once there were too many failures."""
        name = str(self.cleaned_data.get("username", ""))
        address = tries.address_of(self.request) if self.request else ""
        if tries.too_many(name, address):
            raise ValidationError(_("There were too many tries. Wait 15 minutes, or ask whoever keeps the directory."))
        try:
            cleaned = super().clean()
        except ValidationError:
            tries.note_failure(name, address)
            raise
        tries.note_success(name, address)
        return cleaned or {}

    def confirm_login_allowed(self, user: Account) -> None:
        """The directory decides: an account without an active member of staff opens nothing."""
        super().confirm_login_allowed(user)
        person = load(current_version()).staff.get(user.staff)
        if person is None or not person.active or not person.account:
            raise ValidationError(self.error_messages["inactive"], code="inactive")


class SignIn(LoginView):
    """The page to sign in; in the demo it lists whom one can be."""

    form_class = SignInForm
    template_name = "registration/signin.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "demo_people": demo_people()}


class SignOut(LogoutView):
    """POST only, as Django has it."""


def demo_people() -> list[dict[str, str]]:
    """The invented people to sign in as; nobody outside the demo, whatever lies in the data folder."""
    path = Path(settings.HOLDFAST_DATA) / DEMO_PEOPLE
    if not settings.HOLDFAST_DEMO or not path.is_file():
        return []
    return [{key: str(text) for key, text in person.items()} for person in json.loads(path.read_text("utf-8"))]
