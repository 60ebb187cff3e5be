"""The chronology and the map, drawn from the notes' dates and places."""
