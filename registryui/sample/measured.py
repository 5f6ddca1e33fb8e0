"""Digests and diff ids of the sample's large layers, so that nobody waits for them.

`tests/sample/images/test_layers.py` computes them and says what belongs here.
"""

MEASURED: dict[str, tuple[str, str]] = {}
