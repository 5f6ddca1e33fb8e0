"""The images worth looking at: what the sample registry shows to a newcomer."""

from datetime import date

from registryui.sample.registry import SampleRegistry

__all__ = ["fill"]


def fill(registry: SampleRegistry, *, today: date = date(2026, 11, 20)) -> None:
    """Push every image; only the nightly builds depend on `today`, all else is fixed."""
