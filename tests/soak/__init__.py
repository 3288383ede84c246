"""The real worker for a long time and many jobs, with something going wrong all the while.

``make test`` has a short one; ``make soak`` takes a thousand jobs and writes ``docs/long_run.md``.
"""
