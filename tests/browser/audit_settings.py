"""Settings of the product, for a browser that says in a header who it is."""

from registryui.settings import *  # noqa: F403

MIDDLEWARE = [*MIDDLEWARE, "tests.people.RoleMiddleware"]  # noqa: F405
