"""Addresses of the files in images and layers."""

from django.urls import path

from registryui.catalog.urls import REPOSITORY
from registryui.contents import views

FILES = f"{REPOSITORY}/-/manifests/<digest:digest>/files"
PACKAGES = f"{REPOSITORY}/-/manifests/<digest:digest>/packages"

urlpatterns = [
    path("files/", views.file_images, name="file-images"),
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
