"""Recorded samples: what shows the extension to somebody without an account.

Each is an order and what the project's sandbox made of it, a small file in this folder. It goes
the whole way of a job, on this machine alone: no service is asked, nothing is charged, and nothing
here is the service's work. ``scripts/record_samples.py`` makes the files.
"""
