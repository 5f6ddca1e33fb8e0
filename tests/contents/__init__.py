"""Tests of looking into layers and images."""
