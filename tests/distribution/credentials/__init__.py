"""Tests of what a client signs in with."""
