"""The kit every page is made with: rendering, JSON twins, errors, pagination."""
