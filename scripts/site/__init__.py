"""The documentation site; ``mkdocs.yml`` describes it."""
