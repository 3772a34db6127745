"""Every address that Holdfast answers, each with a name."""

from django.urls import URLPattern, URLResolver, include, path

from holdfast.doors.api.endpoints import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("", include("holdfast.doors.partner.urls")),
    path("", include("holdfast.doors.web.urls")),
]

handler400 = "holdfast.doors.web.errors.bad_request"
handler403 = "holdfast.doors.web.errors.not_allowed"
handler404 = "holdfast.doors.web.errors.not_found"
handler500 = "holdfast.doors.web.errors.broken"
