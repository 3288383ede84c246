"""One module per command, or per family of commands that are the same thing."""
