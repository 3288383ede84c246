"""Bytes and texts from outside, damaged in every way, against all that reads them.

``make test`` tries the same few each time, ``make fuzz`` as many others as are wanted. What a
search finds is kept as an ``@example``, or as a test made by hand beside the reader's own.
"""
