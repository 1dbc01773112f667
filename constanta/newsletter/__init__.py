"""The newsletter: signup, confirmation, delivery and the sealed list of subscribers."""
