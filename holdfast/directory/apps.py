"""The directory room as a Django application."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "holdfast.directory"
    label = "directory"
