"""A fully connected network drawn as neurons: a circle for each element, a line for each weight."""
