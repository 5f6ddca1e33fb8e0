"""Tests of reading layers."""
