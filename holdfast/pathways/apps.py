"""The pathways room as a Django application."""

from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    name = "holdfast.pathways"
    label = "pathways"
