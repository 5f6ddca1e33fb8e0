"""What all tests share."""

import pytest

from tests import programs


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer to write the golden pages anew."""
    parser.addoption("--update-golden", action="store_true", help="write the golden pages anew")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests whose programs are missing; ``make test`` names them at the end."""
    for marker, needed in programs.NEEDED_BY.items():
        lacking = programs.missing(needed)
        for item in items:
            if lacking and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"needs {', '.join(lacking)}"))
