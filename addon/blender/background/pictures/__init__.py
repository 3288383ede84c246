"""Pictures of models: small ones of results, and views of what is to be sent."""
