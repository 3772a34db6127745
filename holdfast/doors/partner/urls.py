"""The addresses of the secure link: a token stands in one of them, nothing about a person in any."""

from __future__ import annotations

from django.urls import URLPattern, path

from holdfast.doors.partner import entrance, pages

urlpatterns: list[URLPattern] = [
    path("link/visit/", pages.visit, name="link-visit"),
    path("link/visit/leave", pages.leave, name="link-leave"),
    path("link/visit/<slug:step>", pages.answer, name="link-answer"),
    path("link/<str:token>", entrance.entrance, name="link"),
]
