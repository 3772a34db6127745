"""The API door as a Django application."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "holdfast.doors.api"
    label = "api"
