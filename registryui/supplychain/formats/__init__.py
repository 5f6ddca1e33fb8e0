"""The documents that are attached to images, read without Django and without trust."""
