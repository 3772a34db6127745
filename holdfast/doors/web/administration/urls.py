"""The addresses of the directory's pages."""

from __future__ import annotations

from django.urls import path

from holdfast.doors.web.administration import editing, leaving, pages, places

urlpatterns = [
    path("", pages.organisations, name="directory"),
    path("<str:organisation>/", pages.organisation, name="directory-organisation"),
    path("people/<str:staff>/leave", leaving.leave, name="directory-leave"),
    path("services", pages.services, name="directory-services"),
    path("<str:organisation>/team/<str:ref>/roster", places.roster, name="directory-roster"),
    path("<str:organisation>/staff/<str:ref>/roles", places.roles, name="directory-roles"),
    path("<str:organisation>/<str:kind>/<str:ref>", editing.entry, name="directory-entry"),
]
