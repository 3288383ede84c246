"""The child process that does the waiting: its start, its talk with the parent, its end."""
