"""What vouches for an image, and who has which package."""
