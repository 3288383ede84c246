"""Does the real service keep the contract? One step after the other, the cheapest first.

``steps`` declares what is asked, most of it made from the catalogue, ``contract`` what an answer
has to look like, ``exchange`` asks, ``findings`` and ``journal`` are what is kept, ``orders`` does
what costs credits, ``checking`` goes from step to step, ``report`` writes it down, ``command`` is
the command line.
"""
