"""Says at the start what in the settings of the log cannot be meant."""

from django.core.checks import CheckMessage, Error, register

from registryui.audit.receivers import receivers


@register()
def receivers_are_clear(**options: object) -> list[CheckMessage]:
    """Refuse to start with a receiver that nothing could be sent to."""
    try:
        receivers()
    except ValueError as error:
        return [Error(str(error), id="audit.E001")]
    return []
