"""The tables of the interface's languages, kept in step with what the interface says."""
