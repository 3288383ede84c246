"""The checks of ``scripts/system_check.py``: what only a real system can show."""
