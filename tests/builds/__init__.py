"""Tests of builds: reports, claims, pages and badges."""
