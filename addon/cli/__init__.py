"""The command line: one JSON document on stdout, words for people on stderr, honest exit codes."""
