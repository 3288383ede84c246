"""What the documents say: their commands are run, their names and pictures are looked up."""
