"""The look of a figure: colours, numbers as text, arrays between brackets, fonts and widths."""
