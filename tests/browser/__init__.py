"""The pages in Chromium, as the product serves them."""
