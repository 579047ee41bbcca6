"""A deck as PowerPoint: native shapes, written as DrawingML, the XML of the file format.

Slides are made as text, one by one; only `package` uses the library that packs them.
"""
