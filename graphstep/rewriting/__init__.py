"""A graph's nodes rewritten: gates opened, and grouped into one."""
