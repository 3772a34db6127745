"""The addresses of the directory's pages."""

from __future__ import annotations

from django.urls import path

from holdfast.doors.web.administration import leaving, pages

urlpatterns = [
    path("", pages.organisations, name="directory"),
    path("<str:organisation>/", pages.organisation, name="directory-organisation"),
    path("people/<str:staff>/leave", leaving.leave, name="directory-leave"),
]
