"""From reading to contributing: where files are changed, and how a new note begins."""
