import pytest

from tests.distribution.credentials.helpers import Programs


@pytest.fixture
def programs(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    return Programs(folder, monkeypatch)
