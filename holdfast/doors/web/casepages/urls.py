"""The addresses of one case; nothing in them is clinical or tells who somebody is."""

from django.urls import path, re_path

from holdfast.doors.web.casepages import (
    asking,
    card_page,
    case_page,
    deed_page,
    evidence_page,
    lead_page,
    packet_page,
    seen_page,
    summary_page,
)

urlpatterns = [
    path("", case_page.case, name="case"),
    re_path(r"^deeds/(?P<command>[A-Za-z]+)/(?P<target>[^/]*)$", deed_page.deed, name="deed"),
    re_path(r"^deeds/(?P<command>[A-Za-z]+)/(?P<target>[^/]*)/asked$", asking.asked, name="deed-asked"),
    path("packet", packet_page.packet, name="packet"),
    path("packet/completeness", packet_page.completeness, name="packet-completeness"),
    path("packet/summary", summary_page.summary, name="packet-summary"),
    path("card", card_page.card, name="card"),
    path("lead", lead_page.lead, name="lead"),
    path("seen", seen_page.seen_by, name="seen-by"),
    path("evidence", evidence_page.evidence, name="evidence"),
    path("evidence.pdf", evidence_page.evidence_pdf, name="evidence-pdf"),
    path("evidence.json", evidence_page.evidence_file, name="evidence-file"),
]
