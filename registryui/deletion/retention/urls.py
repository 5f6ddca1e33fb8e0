"""Addresses of retention."""

from django.urls import path

from registryui.deletion.retention.views import deeds, rules

urlpatterns = [
    path("retention/", rules.retention_list, name="retention-list"),
    path("retention/new/", rules.retention_new, name="retention-new"),
    path("retention/<int:rule>/", rules.retention_detail, name="retention-detail"),
    path("retention/<int:rule>/edit/", rules.retention_edit, name="retention-edit"),
    path("retention/<int:rule>/dry-run/", deeds.retention_dry_run, name="retention-dry-run"),
    path("retention/<int:rule>/run/", deeds.retention_run_now, name="retention-run-now"),
    path("retention/<int:rule>/off/", deeds.retention_off, name="retention-off"),
    path("retention/<int:rule>/delete/", deeds.retention_delete, name="retention-delete"),
    path("retention/runs/<int:run>/", deeds.retention_run, name="retention-run"),
    path(
        "retention/runs/<int:run>/switch-on/", deeds.retention_switch_on, name="retention-switch-on"
    ),
    path("retention/runs/<int:run>/confirm/", deeds.retention_confirm, name="retention-confirm"),
]
