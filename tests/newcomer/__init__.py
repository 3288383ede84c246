"""What a newcomer does: README.md's commands, in a system that has nothing yet."""
