"""What the tests of comparisons share."""

from tests.contents.conftest import administrator, site

__all__ = ["administrator", "site"]
