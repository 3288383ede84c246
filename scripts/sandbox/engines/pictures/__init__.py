"""Work on pictures: files, subjects cut out, improvement, painting and edits by words."""
