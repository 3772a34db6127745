"""The addresses of the pages of pathways."""

from __future__ import annotations

from django.urls import path

from holdfast.doors.web.pathways import deciding, files, moving, pages, proposing

urlpatterns = [
    path("", pages.pathways, name="pathways"),
    path("propose", proposing.propose, name="pathway-propose"),
    path("<str:pathway>/", pages.pathway, name="pathway"),
    path("<str:pathway>/editions/<str:digest>", pages.edition, name="pathway-edition"),
    path("<str:pathway>/editions/<str:digest>/<str:name>", files.file, name="pathway-file"),
    path("<str:pathway>/proposals/<int:number>", deciding.proposal, name="pathway-proposal"),
    path("<str:pathway>/move", moving.move, name="pathway-move"),
    path("<str:pathway>/moves/<int:number>", moving.moved, name="pathway-moved"),
]
