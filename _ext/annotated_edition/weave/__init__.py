"""3, weave: what was anchored is put into the pages, without changing a word."""
