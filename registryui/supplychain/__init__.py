"""What vouches for images: signatures, SBOMs, provenance, reports; and who has which package."""
