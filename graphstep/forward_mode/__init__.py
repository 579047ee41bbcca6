"""Forward mode: tangents travel with the values, from one input to everything behind it."""
