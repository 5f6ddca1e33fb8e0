"""Whether a key made a signature: by ``cryptography``, without Django and without the network."""
