"""Files inside layers and images: read once in the background, then listed, searched and opened."""
