"""``make test``: install what the tests need where we may, then run all of them.

The tests in Chromium run by themselves: Playwright leaves an event loop behind that others
would stumble over.
"""

import os
import subprocess
import sys

from tests import programs


def main() -> int:
    """Return 0 when every test passed."""
    if lacking := programs.missing():
        programs.install(lacking)
    lacking = programs.missing()
    if lacking and os.environ.get("CI") == "true":
        sys.stderr.write(f"Missing in CI: {', '.join(lacking)}. See tests/programs.py.\n")
        return 1
    pytest = [sys.executable, "-m", "pytest", "-q"]
    runs = (
        [*pytest, "-n", "2", "--dist", "worksteal", "--ignore", "tests/browser"],
        [*pytest, "tests/browser"],
    )
    results = [subprocess.run(run, check=False).returncode for run in runs]
    if lacking:
        packages = " ".join(sorted({programs.PACKAGES[program] for program in lacking}))
        sys.stdout.write(
            f"\nSkipped the tests that need {', '.join(lacking)}.\n"
            f"To run them: apt-get install {packages}\n"
        )
    return max(results)


if __name__ == "__main__":
    sys.exit(main())
