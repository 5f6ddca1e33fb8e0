"""The people who use Registry UI."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person, or a program, that can be given rights."""
