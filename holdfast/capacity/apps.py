"""The capacity room as a Django application."""

from django.apps import AppConfig


class CapacityConfig(AppConfig):
    name = "holdfast.capacity"
    label = "capacity"
