"""The printed book: a builder that sets the whole edition with Typst.

In the order of the data flow: ``book`` makes one doctree of all pages and puts them in a book's
order, ``places`` puts anchors beside words in it, ``index`` gathers the index; ``writer`` turns
all that into Typst markup (``escape`` makes signs harmless), ``opening`` says what stands on the
title page, ``template/`` decides how it looks, ``typeset`` makes the PDF, and ``builder`` is what
Sphinx calls.
"""
