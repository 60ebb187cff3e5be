"""The chronology and the map: pictures of what the notes say, each with a table of it."""
