"""The worklists room as a Django application."""

from django.apps import AppConfig


class WorklistsConfig(AppConfig):
    name = "holdfast.worklists"
    label = "worklists"
