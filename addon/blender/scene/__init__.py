"""Changes to the open scene."""
