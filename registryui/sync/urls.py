"""Addresses of the sync."""

from django.urls import path

from registryui.catalog.urls import REPOSITORY
from registryui.sync.run_views import registry_sync, sync_list, sync_run
from registryui.sync.views import repository_refresh
from registryui.sync.watched_views import watched_delete, watched_list

urlpatterns = [
    path("sync/", sync_list, name="sync-list"),
    path("sync/<int:run>/", sync_run, name="sync-run"),
    path("r/<slug:registry>/-/sync/", registry_sync, name="registry-sync"),
    path("r/<slug:registry>/-/watched/", watched_list, name="watched-list"),
    path(
        "r/<slug:registry>/-/watched/<int:watched>/delete/", watched_delete, name="watched-delete"
    ),
    path(f"{REPOSITORY}/-/refresh/", repository_refresh, name="repository-refresh"),
]
