"""2, anchor: from what was read to the edition. Pure functions; no Sphinx here."""
