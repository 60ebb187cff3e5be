"""The edition as plain data; no Sphinx here."""
