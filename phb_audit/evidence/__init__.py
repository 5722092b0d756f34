"""Evidence: what a receipt or invoice says, read from its picture or its text, with the place of each thing read and how sure.

A machine's reading is an aid to whoever compares paper and payment. `verify` asks what matters most: is this amount on this paper?
"""
