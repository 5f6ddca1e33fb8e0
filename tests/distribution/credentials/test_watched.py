"""Files with secrets, read again when they change."""

import os

import pytest

from registryui.distribution.credentials.watched import WatchedFile, secret_of
from registryui.distribution.errors import CredentialsError


def test_reads_once_what_does_not_change(tmp_path):
    (tmp_path / "secret").write_text("open-sesame\r\n")
    times: list[bytes] = []
    file = WatchedFile(str(tmp_path / "secret"), times.append)

    file.read()
    file.read()

    assert times == [b"open-sesame\r\n"]


def test_reads_again_what_was_replaced_behind_a_link(tmp_path):
    """As Kubernetes does: ..data is a link to a folder, and is moved to another one."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "secret").write_text(f"{name}\n")
        os.utime(tmp_path / name / "secret", (1, 1))
    (tmp_path / "data").symlink_to("one")
    file = WatchedFile(str(tmp_path / "data" / "secret"), secret_of)
    assert file.read() == "one"

    (tmp_path / "next").symlink_to("two")
    (tmp_path / "next").replace(tmp_path / "data")

    assert file.read() == "two"


@pytest.mark.parametrize("name", ["missing", "folder", "pipe", "large"])
def test_says_what_is_wrong_with_the_file(tmp_path, name):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(2 * 1024 * 1024)
    words = {
        "missing": "cannot be read: No such file or directory. Check the path",
        "folder": "is not a file. Give the path of the file itself",
        "pipe": "is not a file",
        "large": "is larger than any file with credentials",
    }

    with pytest.raises(CredentialsError, match=words[name]):
        WatchedFile(str(tmp_path / name), secret_of).read()
