"""Names for stacks of layers: two images whose stacks have the same name have the same layers.

As image-spec's ChainID it is a hash over the hash of the layers below and the next one, so that all
beginnings of an image's stack are named on the way. An image is built on another one when one of
these beginnings is all of the other's stack.
"""

import hashlib
from collections.abc import Sequence

NAME_LENGTH = 32


def stack_names(layers: Sequence[str]) -> list[str]:
    """Return the names of the stacks of the first layer, the first two, … and all of them.

    ``layers`` are diff ids, so that recompressed layers are the same, or digests where an image
    tells none. A name has 32 hexadecimal digits: 128 bits, which nobody meets by chance.
    """
    names: list[str] = []
    below = ""
    for layer in layers:
        below = hashlib.sha256(f"{below} {layer}".encode()).hexdigest()[:NAME_LENGTH]
        names.append(below)
    return names
