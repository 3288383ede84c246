"""The command ``batch``: its options, what it shows, and its phases."""
