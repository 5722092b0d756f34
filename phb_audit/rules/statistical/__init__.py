"""A7: statistical signals. They never refuse and, alone, never ask the holder."""
