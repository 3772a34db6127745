"""The inbox room as a Django application."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "holdfast.inbox"
    label = "inbox"
