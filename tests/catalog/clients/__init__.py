"""Tests of what docker and podman are answered."""
