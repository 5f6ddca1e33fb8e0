"""What people add to a repository: stars, and words about it. No sync brings these back."""

from datetime import datetime

from django.conf import settings
from django.db import models, transaction

from registryui.catalog.models.repository import Repository

LONGEST_OVERVIEW = 10_000


class Star(models.Model):
    """That somebody likes a repository; everybody gives it one at most."""

    repository = models.ForeignKey(Repository, models.CASCADE, related_name="stars", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stars")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "user"], name="star_unique")]

    def __str__(self) -> str:
        """Return both sides."""
        return f"Star of {self.user_id} for {self.repository_id}"

    @classmethod
    def set_for(cls, repository: Repository, user_id: int, *, given: bool, now: datetime) -> int:
        """Give somebody's star or take it back, whatever was before; return how many there are."""
        with transaction.atomic():
            # One at a time, so that nobody counts without the star of another.
            Repository.objects.select_for_update().get(pk=repository.pk)
            own = cls.objects.filter(repository=repository, user=user_id)
            if given:
                own.get_or_create(
                    repository=repository, user_id=user_id, defaults={"given_at": now}
                )
            else:
                own.delete()
            count = cls.objects.filter(repository=repository).count()
            Repository.objects.filter(pk=repository.pk).update(star_count=count)
        return count


class Overview(models.Model):
    """What people here wrote about a repository, at length."""

    repository = models.OneToOneField(
        Repository, models.CASCADE, primary_key=True, related_name="overview"
    )
    text = models.TextField(help_text="In Markdown.")
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return whose it is."""
        return f"Overview of {self.repository_id}"
