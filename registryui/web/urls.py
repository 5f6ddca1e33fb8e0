"""Addresses of the kit."""

from django.urls import path

from registryui.web import health, theme

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("-/theme/", theme.theme, name="theme"),
]
