"""Updates: what becomes of weights after the backward pass, by rules of learning."""
