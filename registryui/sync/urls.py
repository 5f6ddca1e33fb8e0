"""Addresses of the sync."""

from django.urls import path

from registryui.catalog.urls import REPOSITORY
from registryui.sync.views import repository_refresh

urlpatterns = [path(f"{REPOSITORY}/-/refresh/", repository_refresh, name="repository-refresh")]
