"""Talking to the service: requests, answers, errors, downloads, keys. No Blender in here."""
