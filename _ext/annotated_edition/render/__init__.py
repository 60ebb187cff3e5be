"""4, render: one folder an output; none knows another."""
