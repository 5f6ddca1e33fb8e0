"""Addresses of the index; ``-`` is never part of a repository's name, so it fences ours off."""

from django.urls import include, path, register_converter

from registryui.catalog.views import manifests, registries, search, tags
from registryui.web.converters import DigestConverter, RepositoryConverter, TagConverter

register_converter(RepositoryConverter, "repository")
register_converter(TagConverter, "tag")
register_converter(DigestConverter, "digest")

REPOSITORY = "r/<slug:registry>/<repository:name>"

urlpatterns = [
    path("", include("registryui.catalog.clients.urls")),
    path("", registries.registry_list, name="registry-list"),
    path("repositories/", registries.all_repositories, name="all-repositories"),
    path("search/", search.search, name="search"),
    path("r/<slug:registry>/", registries.repository_list, name="repository-list"),
    path(f"{REPOSITORY}/", tags.tag_list, name="tag-list"),
    path(f"{REPOSITORY}/-/stamp/", tags.repository_stamp, name="repository-stamp"),
    path(f"{REPOSITORY}/-/tags/<tag:tag>/", tags.tag_detail, name="tag-detail"),
    path(
        f"{REPOSITORY}/-/manifests/<digest:digest>/",
        manifests.manifest_detail,
        name="manifest-detail",
    ),
    path(
        f"{REPOSITORY}/-/manifests/<digest:digest>/raw/",
        manifests.manifest_raw,
        name="manifest-raw",
    ),
]
