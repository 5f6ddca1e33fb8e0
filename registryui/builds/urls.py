"""Addresses of the builds."""

from django.urls import path

from registryui.builds.views import api, badges, pages
from registryui.catalog.urls import REPOSITORY

urlpatterns = [
    path("api/builds/", api.build_api, name="build-api"),
    path("badges/<slug:token>.svg", badges.public_badge, name="public-badge"),
    path(f"{REPOSITORY}/-/builds/", pages.build_list, name="build-list"),
    path(f"{REPOSITORY}/-/builds/newest/", pages.build_newest, name="build-newest"),
    path(f"{REPOSITORY}/-/builds/badge/", badges.build_badge, name="build-badge"),
    path(
        f"{REPOSITORY}/-/builds/badge.svg",
        badges.build_badge_picture,
        name="build-badge-picture",
    ),
    path(
        f"{REPOSITORY}/-/manifests/<digest:digest>/built-from/",
        pages.built_from,
        name="built-from",
    ),
]
