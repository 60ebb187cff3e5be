"""The bibliography: what it knows, how it is cited, and the mistakes in its files."""
