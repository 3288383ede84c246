"""Tools around the extension: command line entry, build, demo and sandbox."""
