"""How much of the artist's time the product takes: ``python -m scripts.bench``."""
