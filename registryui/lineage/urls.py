"""Addresses of the lineage."""

from django.urls import path

from registryui.catalog.urls import REPOSITORY
from registryui.lineage import views

urlpatterns = [
    path("layers/<digest:digest>/", views.layer, name="layer"),
    path(f"{REPOSITORY}/-/lineage/", views.repository_lineage, name="repository-lineage"),
    path(
        f"{REPOSITORY}/-/manifests/<digest:digest>/lineage/",
        views.image_lineage,
        name="image-lineage",
    ),
]
