"""A6: the duties of the commissioner itself."""
