"""Addresses of the log."""

from django.urls import path

from registryui.audit import views

urlpatterns = [
    path("audit/", views.audit_list, name="audit-list"),
    path("audit/export.csv", views.audit_csv, name="audit-csv"),
    path("audit/export.jsonl", views.audit_jsonl, name="audit-jsonl"),
    path("audit/<int:sequence>/", views.audit_event, name="audit-event"),
]
