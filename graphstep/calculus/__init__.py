"""Mathematics on numbers and arrays: shapes, values, Jacobians; no graph here."""
