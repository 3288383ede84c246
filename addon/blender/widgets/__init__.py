"""What several panels and dialogs draw."""
