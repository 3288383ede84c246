"""What happens to a result after it has come: steps, and recipes, which are steps with a name.

The sidebar, batch lists and scripts take the same steps, written the same way.
"""
