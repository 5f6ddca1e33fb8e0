"""Addresses of the inventory."""

from django.urls import path

from registryui.catalog.urls import REPOSITORY
from registryui.inventory import views

urlpatterns = [
    path("inventory/", views.inventory, name="inventory"),
    path("inventory/summary/", views.summary, name="inventory-summary"),
    path("inventory/export/", views.export, name="inventory-export"),
    path(f"{REPOSITORY}/-/tags/<tag:tag>/findings/", views.tag_findings, name="tag-findings"),
]
