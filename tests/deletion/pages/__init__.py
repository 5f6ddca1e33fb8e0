"""Tests of their pages."""
