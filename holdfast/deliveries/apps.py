"""The deliveries room as a Django application."""

from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "holdfast.deliveries"
    label = "deliveries"
