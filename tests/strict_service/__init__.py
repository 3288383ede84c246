"""A service that is written from its documentation alone, and takes nothing else.

The sandbox does the service's work; this one does none, but is as strict as can be: what the
documentation does not name is refused. It shares nothing with the catalogue or the sandbox, so
that a mistake the two have in common is found. What is known of a thing, and how well, is not its
business: ``endpoints`` holds what the documentation says, ``values`` how a value is looked at,
``service`` the HTTP around it, with every odd answer that clients have met.
"""
