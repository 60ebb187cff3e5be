"""The edition as TEI P5, the text's own words and the commentary as stand-off annotation."""
