"""Addresses of what people do for repositories."""

from django.urls import path

from registryui.catalog.urls import REPOSITORY
from registryui.standing import views

urlpatterns = [
    path("official/", views.official_list, name="official-list"),
    path("official/<int:namespace>/delete/", views.official_delete, name="official-delete"),
    path(f"{REPOSITORY}/-/star/", views.repository_star, name="repository-star"),
    path(
        f"{REPOSITORY}/-/description/",
        views.repository_description,
        name="repository-description",
    ),
]
