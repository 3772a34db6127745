"""The addresses of the secure link and of answers by telephone: a token stands in one of them, nothing about a person in any."""

from __future__ import annotations

from django.urls import URLPattern, path

from holdfast.doors.partner import entrance, pages, telephone_page

urlpatterns: list[URLPattern] = [
    path("link/visit/", pages.visit, name="link-visit"),
    path("link/visit/leave", pages.leave, name="link-leave"),
    path("link/visit/<slug:step>", pages.answer, name="link-answer"),
    path("cases/<str:case>/telephone", telephone_page.telephone, name="telephone"),
    path("cases/<str:case>/telephone/<str:team>/<str:step>", telephone_page.telephone_answer, name="telephone-answer"),
    path("link/<str:token>", entrance.entrance, name="link"),
]
