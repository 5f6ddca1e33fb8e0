"""The vocabulary of registries: standard library only, no input or output."""
