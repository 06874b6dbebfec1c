"""The catalogue page: what watches each of the 28 recommendations."""
