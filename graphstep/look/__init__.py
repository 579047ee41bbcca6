"""What is seen: colours, numbers as text, arrays between brackets, fonts and widths."""
