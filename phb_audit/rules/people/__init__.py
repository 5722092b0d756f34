"""A5: paying people."""
