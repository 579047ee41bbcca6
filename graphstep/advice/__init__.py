"""After an error in a text: what to write instead, looked for in tables and tried."""
