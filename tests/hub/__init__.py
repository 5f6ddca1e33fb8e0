"""Tests of the search of Docker Hub."""
