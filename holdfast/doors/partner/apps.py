"""The partner door as a Django application."""

from django.apps import AppConfig


class PartnerConfig(AppConfig):
    name = "holdfast.doors.partner"
    label = "partner"
