"""The reading page: the theme ``edition``, and a note's HTML in any theme."""
