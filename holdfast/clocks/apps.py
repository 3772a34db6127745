"""The clocks room as a Django application."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "holdfast.clocks"
    label = "clocks"
