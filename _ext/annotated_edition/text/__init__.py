"""Strings alone: what is the same text, where words stand in it, how heads are sorted."""
