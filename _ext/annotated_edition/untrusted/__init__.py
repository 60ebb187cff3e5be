"""Strangers' files: what they may do, and the walls around them."""
