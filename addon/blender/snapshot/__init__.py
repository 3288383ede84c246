"""What panels draw: a picture of the jobs, made when something has changed."""
