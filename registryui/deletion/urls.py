"""Addresses of deletions, restores and copies."""

from django.urls import path

from registryui.catalog.urls import REPOSITORY
from registryui.deletion.views import abilities, copies, deleted, operations, plans, restores

urlpatterns = [
    path("operations/", operations.operation_list, name="operation-list"),
    path("operations/<int:number>/", operations.operation_detail, name="operation-detail"),
    path("operations/<int:number>/stop/", operations.operation_stop, name="operation-stop"),
    path("operations/<int:number>/undo/", restores.operation_undo, name="operation-undo"),
    path(f"{REPOSITORY}/-/copy/", copies.image_copy, name="image-copy"),
    path(f"{REPOSITORY}/-/delete/test/", abilities.deletion_test, name="deletion-test"),
    path(f"{REPOSITORY}/-/tags/<tag:tag>/deleted/", deleted.tag_deleted, name="tag-deleted"),
    path(f"{REPOSITORY}/-/delete/", plans.deletion_plan, name="deletion-plan"),
    path(f"{REPOSITORY}/-/tags/<tag:tag>/delete/", plans.tag_delete, name="tag-delete"),
    path(
        f"{REPOSITORY}/-/operations/",
        operations.repository_operations,
        name="repository-operations",
    ),
]
