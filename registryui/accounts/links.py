"""Makes links that work once, finds them again by their secret, and uses them up."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from registryui.accounts.models import OneTimeLink, User
from registryui.accounts.secret import hash_of, new_secret

LIFETIME = timedelta(hours=24)
ADDRESSES = {
    OneTimeLink.Purpose.SET_UP: "set-up",
    OneTimeLink.Purpose.PASSWORD: "choose-password",
}


def has_administrator() -> bool:
    """Say whether there is somebody who can let others in."""
    return User.objects.administrators().exists()


def make_set_up_link(*, now: datetime) -> str | None:
    """Return the path of a link for the first administrator; None if there is one."""
    return None if has_administrator() else _make(OneTimeLink.Purpose.SET_UP, None, now)


def make_password_link(user: User, *, now: datetime) -> str:
    """Return the path of a link by which this person chooses a password; earlier ones end."""
    user.links.usable(now).update(expires_at=now)
    return _make(OneTimeLink.Purpose.PASSWORD, user, now)


def find(purpose: OneTimeLink.Purpose, secret: str, *, now: datetime) -> OneTimeLink | None:
    """Return the link with this secret, if it still works."""
    links = OneTimeLink.objects.usable(now).filter(purpose=purpose, secret_hash=hash_of(secret))
    link = links.select_related("user").first()
    if link is None or (link.user and not link.user.is_active):
        return None
    return None if purpose == OneTimeLink.Purpose.SET_UP and has_administrator() else link


def use_up(link: OneTimeLink, *, now: datetime) -> bool:
    """Use the link; False if somebody else was quicker."""
    return OneTimeLink.objects.usable(now).filter(pk=link.pk).update(used_at=now) == 1


def _make(purpose: OneTimeLink.Purpose, user: User | None, now: datetime) -> str:
    secret, kept = new_secret()
    OneTimeLink.objects.filter(expires_at__lt=now - LIFETIME).delete()
    OneTimeLink.objects.create(
        purpose=purpose,
        user=user,
        secret_hash=kept,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    # Commands have no request by which the address would know the path we are served below.
    path = reverse(ADDRESSES[purpose], args=[secret])
    base = settings.BASE_PATH.rstrip("/")
    return path if path.startswith(f"{base}/") else base + path
