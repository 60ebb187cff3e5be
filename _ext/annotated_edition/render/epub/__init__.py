"""The e-book: Sphinx's EPUB builder, made right for an annotated text.

In the order of the data flow: ``defaults`` is what a project need not say, ``semantics`` marks up
each finished page, ``outline`` says what part of the book it is, ``cover`` makes the picture,
``metadata`` is what the package says of the book, ``package`` the archive, and ``builder`` is what
Sphinx calls.
"""
