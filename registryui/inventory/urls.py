"""Addresses of the inventory."""

from django.urls import path

from registryui.inventory import views

urlpatterns = [
    path("inventory/", views.inventory, name="inventory"),
    path("inventory/summary/", views.summary, name="inventory-summary"),
    path("inventory/export/", views.export, name="inventory-export"),
]
