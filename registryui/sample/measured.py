"""Digests and diff ids of the sample's large layers, so that nobody waits for them.

Each line of measured.txt is a layer's name, its digest and its diff id. The layers' test computes
them all and says what belongs there.
"""

from pathlib import Path

_LINES = Path(__file__).with_name("measured.txt").read_text("ascii").splitlines()
MEASURED: dict[str, tuple[str, str]] = {
    name: (digest, diff_id) for name, digest, diff_id in map(str.split, _LINES)
}
