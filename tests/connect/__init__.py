"""Tests of connecting: commands, explanations, the doctor."""
