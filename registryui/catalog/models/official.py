"""Official namespaces: whose repositories an administrator vouches for."""

from itertools import groupby
from operator import itemgetter

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from registryui.catalog.models.fields import NameField
from registryui.catalog.models.registry import Registry


class OfficialNamespaces:
    """The official namespaces there are, read once and then only asked."""

    def __init__(self) -> None:
        """Read them: they are few."""
        rows = OfficialNamespace.objects.values_list("registry", "namespace")
        self._keys = frozenset(rows)

    def __contains__(self, namespace: tuple[int, str]) -> bool:
        """Say whether a registry's namespace, its primary key given, is one of them."""
        return namespace in self._keys

    def condition(self) -> Q:
        """Return the condition that a repository is in one of them."""
        found = Q(pk__in=())
        for registry, rows in groupby(sorted(self._keys), key=itemgetter(0)):
            found |= Q(registry=registry, namespace__in=[namespace for _, namespace in rows])
        return found


class OfficialNamespace(models.Model):
    """A namespace of a registry whose repositories are official."""

    registry = models.ForeignKey(
        Registry, models.CASCADE, related_name="official_namespaces", db_index=False
    )
    namespace = NameField(
        max_length=255, blank=True, help_text="Empty: all names that have one part only."
    )
    marked_by = models.CharField(max_length=200, blank=True)
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "namespace"], name="official_namespace_unique"
            )
        ]

    def __str__(self) -> str:
        """Return it as it is read."""
        return self.namespace or gettext_noop("names without a namespace")
