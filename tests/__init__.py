"""Tests: files mirror the modules; names finish the sentence "it …"."""
