"""The container's health check: ``python -m registryui.web.probe`` exits with 0 when ready.

Standard library only and no Django, because it runs every half minute.
"""

import sys
import urllib.error
import urllib.request

URL = "http://127.0.0.1:8000/readyz"
PATIENCE_SECONDS = 4
# Whatever proxy the container has for reaching registries, we ask ourselves directly.
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def probe(url: str = URL) -> int:
    """Return 0 when the address answers 200, else 1; say on one line what it answered."""
    try:
        with _DIRECTLY.open(url, timeout=PATIENCE_SECONDS) as response:
            answer, result = response.read(200), int(response.status != 200)
    except urllib.error.HTTPError as error:
        answer, result = error.read(200), 1
    except OSError as error:
        answer, result = str(error).encode(), 1
    sys.stdout.write(answer.decode(errors="replace").strip() + "\n")
    return result


if __name__ == "__main__":
    sys.exit(probe(*sys.argv[1:2]))
