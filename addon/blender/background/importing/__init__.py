"""Files of results to objects: what they refer to, what is wrong with them, the importers."""
