"""Addresses of the rules that protect tags."""

from django.urls import path

from registryui.deletion.rules import views

urlpatterns = [
    path("protection/", views.protection_list, name="protection-list"),
    path("protection/<int:rule>/delete/", views.protection_delete, name="protection-delete"),
]
