"""Cases: what people do with what the night puts before them. Every decision is an event in the casebook, with its author."""
