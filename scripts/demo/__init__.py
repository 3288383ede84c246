"""The product's main job, shown: ``python -m scripts.demo``."""
