"""Which test files a change of the tree can break; ``python -m tests.changed --help``.

``facts`` reads one file, ``graph`` joins what the files need of each other, ``suites`` says what a
suite depends on besides and what files that are not Python mean, ``history`` asks git.

A dependency too many costs seconds, one too few hides a fault: whatever cannot be known counts.
"""
