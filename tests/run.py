"""``make test``: install what the tests need where we may, then run all of them.

The tests in Chromium run by themselves: Playwright leaves an event loop behind that others
would stumble over. Those that use the database run once on SQLite, and once more on PostgreSQL
with Redis as the queue. Those of the container share one image, which takes a minute to make.
What sign-in by LDAP needs is compiled into a folder of its own, so that all else runs without it.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests import programs

TOGETHER = ("-n", "2", "--dist", "worksteal")
ALONE = ("tests/browser", "tests/container")
# What starts its own database, or is about real registries: once is enough.
APART = (*ALONE, "tests/real")
ROOT = Path(__file__).resolve().parent.parent
LDAP = ROOT / "var" / "tests-ldap"


def main() -> int:
    """Return 0 when every test passed."""
    if lacking := programs.missing():
        programs.install(lacking)
    lacking = programs.missing()
    if lacking and os.environ.get("CI") == "true":
        sys.stderr.write(f"Missing in CI: {', '.join(lacking)}. See tests/programs.py.\n")
        return 1
    results = [_pytest(*TOGETHER, *_without(ALONE)), *(_pytest(folder) for folder in ALONE)]
    if not programs.missing(programs.NEEDED_BY["directory"]):
        results.append(_on_ldap())
    if not programs.missing(programs.NEEDED_BY["servers"]):
        results.append(_on_postgresql_and_redis())
    if lacking:
        packages = " ".join(sorted({programs.PACKAGES[program] for program in lacking}))
        sys.stdout.write(
            f"\nSkipped the tests that need {', '.join(lacking)}.\n"
            f"To run them: apt-get install {packages}\n"
        )
    return max(results)


def _pytest(*arguments: str, **variables: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env={**os.environ, **variables}, check=False).returncode


def _without(folders: tuple[str, ...]) -> list[str]:
    return [f"--ignore={folder}" for folder in folders]


def _on_ldap() -> int:
    """Run the tests of LDAP, with the packages of ``requirements-ldap.txt``."""
    wanted = ROOT / "requirements-ldap.txt"
    installed = LDAP / wanted.name
    if not installed.exists() or installed.read_text() != wanted.read_text():
        sys.stdout.write("\nCompiling what sign-in by LDAP needs …\n")
        sys.stdout.flush()
        options = ("--quiet", "--upgrade", "--no-deps", "--require-hashes", "--target", str(LDAP))
        command = [sys.executable, "-m", "pip", "install", *options, "-r", str(wanted)]
        if code := subprocess.run(command, check=False).returncode:
            return code
        installed.write_text(wanted.read_text())
    return _pytest("tests/accounts/test_directory.py", PYTHONPATH=str(LDAP))


def _on_postgresql_and_redis() -> int:
    from tests.servers import postgres_server, redis_server

    sys.stdout.write("\nOnce more, on PostgreSQL and Redis:\n")
    sys.stdout.flush()
    with postgres_server() as database, redis_server() as queue:
        return _pytest(
            *TOGETHER,
            "--database-only",
            *_without(APART),
            REGISTRYUI_DATABASE_URL=database,
            REGISTRYUI_QUEUE_URL=queue,
        )


if __name__ == "__main__":
    sys.exit(main())
