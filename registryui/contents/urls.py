"""Addresses of the files in images and layers."""

from django.urls import path

from registryui.catalog.urls import REPOSITORY
from registryui.contents import artifact_views, views

MANIFEST = f"{REPOSITORY}/-/manifests/<digest:digest>"
FILES = f"{MANIFEST}/files"
PACKAGES = f"{MANIFEST}/packages"

urlpatterns = [
    path("files/", views.file_images, name="file-images"),
    path(f"{MANIFEST}/dockerfile/", artifact_views.dockerfile, name="dockerfile"),
    path(f"{MANIFEST}/chart/", artifact_views.chart, name="chart"),
    path(f"{MANIFEST}/blobs/<digest:blob>/", artifact_views.blob, name="blob"),
    path(
        f"{MANIFEST}/blobs/<digest:blob>/download/",
        artifact_views.blob_download,
        name="blob-download",
    ),
    path(f"{FILES}/", views.image_files, name="image-files"),
    path(f"{FILES}/waste/", views.image_waste, name="image-waste"),
    path(f"{FILES}/open/", views.image_file, name="image-file"),
    path(f"{FILES}/download/", views.image_file_download, name="image-file-download"),
    path(f"{PACKAGES}/", views.image_packages, name="image-packages"),
    path(f"{PACKAGES}/csv/", views.image_packages_csv, name="image-packages-csv"),
    path(
        f"{REPOSITORY}/-/layers/<digest:digest>/files/",
        views.layer_files,
        name="layer-files",
    ),
]
