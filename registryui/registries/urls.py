"""Addresses of adding, changing and removing registries."""

from django.urls import path

from registryui.registries import views

urlpatterns = [
    path("registries/add/", views.registry_add, name="registry-add"),
    path("r/<slug:registry>/-/settings/", views.registry_settings, name="registry-settings"),
    path("r/<slug:registry>/-/settings/remove/", views.registry_remove, name="registry-remove"),
]
