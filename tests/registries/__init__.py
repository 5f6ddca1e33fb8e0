"""Tests of registries that administrators add in the browser."""
