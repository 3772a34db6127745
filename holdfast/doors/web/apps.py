"""The web door as a Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, forms and the look; no tables of its own."""

    name = "holdfast.doors.web"
    label = "web"
    verbose_name = "Web pages"
