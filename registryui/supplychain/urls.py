"""Addresses of what vouches for images."""

from django.urls import path

from registryui.catalog.urls import REPOSITORY
from registryui.supplychain import views

IMAGE = f"{REPOSITORY}/-/manifests/<digest:digest>/supply-chain"

urlpatterns = [
    path("packages/", views.package_search, name="package-search"),
    path("packages/export/", views.package_export, name="package-export"),
    path("vulnerabilities/", views.vulnerability_search, name="vulnerability-search"),
    path("keys/", views.key_list, name="key-list"),
    path("keys/<int:key>/delete/", views.key_delete, name="key-delete"),
    path(f"{IMAGE}/", views.supply_chain, name="supply-chain"),
    path(f"{IMAGE}/summary/", views.supply_chain_summary, name="supply-chain-summary"),
    path(f"{IMAGE}/<digest:document>/", views.attached_document, name="attached-document"),
]
