"""Path converters: an address that is not well-formed never reaches a view."""

from django.urls.converters import StringConverter

from registryui.oci import digest, reference


class RepositoryConverter(StringConverter):
    """A repository's name, slashes included."""

    regex = reference.REPOSITORY_PATTERN


class TagConverter(StringConverter):
    """A tag."""

    regex = reference.TAG_PATTERN


class DigestConverter(StringConverter):
    """A content digest with its algorithm."""

    regex = digest.PATTERN
