"""Registries: the servers whose contents are indexed."""

from typing import Self
from urllib.parse import urlsplit

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registryui.accounts.access import Access
from registryui.accounts.pattern import ANY
from registryui.oci.reference import is_docker_hub


class RegistryQuerySet(models.QuerySet["Registry"]):
    """Registries, said as sentences."""

    def declared(self) -> Self:
        """Those that are still declared, in the order of their declaration."""
        return self.filter(is_declared=True).order_by("position", "slug")

    def visible_to(self, access: Access) -> Self:
        """Those in which there is something that one may see."""
        slugs = {scope.registry for scope in access.scopes}
        if access.sees_everything or ANY in slugs:
            return self.filter()
        return self.filter(slug__in=slugs)


NAMESPACES = 12


class Registry(models.Model):
    """One server that is browsed: where it is, what it can do, and how it last answered."""

    class DeclaredIn(models.TextChoices):
        """Where it says how to reach it."""

        ENVIRONMENT = "ENVIRONMENT", _("the environment")
        FILE = "FILE", _("the registries file")
        BROWSER = "BROWSER", _("the browser")

    slug = models.SlugField(unique=True, help_text="Its name in addresses: /r/SLUG/.")
    title = models.CharField(max_length=200, blank=True, help_text="What people call it.")
    base_url = models.CharField(max_length=500, help_text="Where Registry UI reaches it.")
    client_host = models.CharField(
        max_length=255, help_text="The host in pull commands, as people's machines know it."
    )
    position = models.PositiveIntegerField(default=0)
    is_declared = models.BooleanField(
        default=True, help_text="Whether it is still declared; its index is kept if not."
    )
    declared_in = models.CharField(
        max_length=20,
        choices=DeclaredIn.choices,
        default=DeclaredIn.ENVIRONMENT,
        help_text="Where it is declared: the environment, the registries file or the browser.",
    )
    has_catalog = models.BooleanField(
        null=True,
        help_text="Whether it lists its repositories, itself or by its vendor's API; "
        "unknown before the first crawl.",
    )
    list_source = models.CharField(
        max_length=20,
        default="auto",
        help_text="Where the list of its repositories comes from, as declared: its catalog "
        "(auto), nowhere (off), or the API of a vendor.",
    )
    listed_namespaces = models.PositiveIntegerField(
        default=0, help_text="How many namespaces a vendor is asked for; 0: for all there are."
    )
    watched_count = models.PositiveIntegerField(
        default=0, help_text="How many names and patterns of it are watched."
    )
    has_referrers = models.BooleanField(
        null=True, help_text="Whether it answers the referrers API; unknown until asked."
    )
    deletes_tags = models.BooleanField(
        null=True, help_text="Whether it deletes a tag alone; unknown until tested."
    )
    deletes_digests = models.BooleanField(
        null=True, help_text="Whether it deletes by digest; unknown until tested."
    )
    accepts_pushes = models.BooleanField(
        null=True, help_text="Whether our credentials may push; unknown until tested."
    )
    deletion_words = models.TextField(
        blank=True, help_text="What the last test of deletion showed, in words."
    )
    deletion_tested_at = models.DateTimeField(null=True, help_text="When that was.")
    last_attempt_at = models.DateTimeField(null=True, help_text="When it was last asked.")
    last_success_at = models.DateTimeField(
        null=True, help_text="When a crawl last read every repository's list of tags."
    )
    last_error = models.TextField(
        blank=True, help_text="What went wrong in the last crawl, in words; empty if nothing did."
    )
    repository_count = models.PositiveIntegerField(
        default=0, help_text="Repositories that have tags, as of the last crawl."
    )
    tag_count = models.PositiveIntegerField(default=0, help_text="As of the last crawl.")
    stored_bytes = models.BigIntegerField(
        default=0, help_text="Sum of its repositories' stored bytes, as of the last crawl."
    )
    largest_namespaces = models.JSONField(
        default=list,
        help_text="Its largest namespaces with how many repositories that have tags are in each.",
    )
    failed_count = models.PositiveIntegerField(
        default=0, help_text="Repositories whose last refresh failed, as of the last crawl."
    )
    kept_count = models.PositiveIntegerField(
        default=0,
        help_text="Tags whose images wait because it counts what is fetched, as of the last crawl.",
    )

    pull_reserve = models.PositiveIntegerField(
        default=10, help_text="How many percent of its pulls its sync leaves, as declared."
    )
    pull_limit = models.PositiveIntegerField(
        null=True, help_text="How many pulls it allows; empty if it does not count them."
    )
    pulls_left = models.PositiveIntegerField(default=0, help_text="How many of them are left.")
    pull_window = models.PositiveIntegerField(
        default=0, help_text="For how many seconds it counts; 0 if it did not say."
    )
    pulls_of = models.CharField(
        max_length=64,
        blank=True,
        help_text="Whom it counts: an address, or an account's id.",
    )
    pulls_read_at = models.DateTimeField(null=True, help_text="When it said so.")
    pulls_renewed_at = models.DateTimeField(
        null=True, help_text="When its count begins anew, as far as known."
    )

    sync_interval = models.PositiveIntegerField(
        default=300, help_text="Seconds between two syncs, as declared."
    )
    full_revalidation_interval = models.PositiveIntegerField(
        default=0,
        help_text="Seconds between two syncs that look at known tags again; 0: each one does.",
    )
    full_sync_at = models.DateTimeField(
        null=True, help_text="When the last sync began that looked at every known tag again."
    )
    next_attempt_at = models.DateTimeField(
        null=True, help_text="When the next sync is due; the more fail in a row, the later."
    )
    failures_in_a_row = models.PositiveIntegerField(
        default=0, help_text="How many syncs have failed since the last that did not."
    )
    paused_until = models.DateTimeField(
        null=True, help_text="Until when it asked to be left alone; nobody calls it before."
    )

    objects = RegistryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "registries"

    def __str__(self) -> str:
        """Return what people call it."""
        return self.title or self.client_host

    def get_absolute_url(self) -> str:
        """Return the address of its repositories."""
        return reverse("repository-list", args=[self.slug])

    @property
    def is_docker_hub(self) -> bool:
        """Whether it is Docker Hub, by any of its names: ``nginx`` is ``library/nginx`` there."""
        return is_docker_hub(urlsplit(self.base_url).hostname or "")
