"""A deck as PowerPoint: native shapes, as text in the language of the file format (DrawingML).

Everything is made as text, slide by slide; `package` alone knows the library that packs it.
"""
