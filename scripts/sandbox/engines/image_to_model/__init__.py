"""A solid from pictures: find the subject, inflate its silhouette, project the picture on it."""
