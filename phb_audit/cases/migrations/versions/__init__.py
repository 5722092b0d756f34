"""One module a step. A step already taken is never edited: what it made stands in casebooks."""
