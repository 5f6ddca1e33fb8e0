"""Protection rules: who may see and write them, and what they protect."""
