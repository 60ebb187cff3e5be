"""1, read: passages, notes, glossary and registers, out of what Sphinx reads."""
