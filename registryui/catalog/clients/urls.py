"""The addresses that docker and podman know; they never ask with a slash at the end."""

from django.urls import path

from registryui.catalog.clients import views

urlpatterns = [
    path("v1/_ping", views.old_ping, name="client-old-ping"),
    path("v1/search", views.search, name="client-search"),
    path("v2/", views.ping, name="client-ping"),
    path("v2/_catalog", views.catalog, name="client-catalog"),
    path("v2/<repository:name>/tags/list", views.tags, name="client-tags"),
    path("v1/<path:rest>", views.nothing, name="client-v1-other"),
    path("v2/<path:rest>", views.nothing, name="client-v2-other"),
]
