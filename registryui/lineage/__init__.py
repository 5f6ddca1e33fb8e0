"""What images are based on, and what is built on them."""
