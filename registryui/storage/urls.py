"""Addresses of what is stored."""

from django.urls import path

from registryui.catalog.urls import REPOSITORY
from registryui.storage import views

urlpatterns = [
    path("r/<slug:registry>/-/storage/", views.registry_storage, name="registry-storage"),
    path(f"{REPOSITORY}/-/storage/", views.repository_storage, name="repository-storage"),
]
