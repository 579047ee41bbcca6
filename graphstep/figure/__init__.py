"""The finished record that every output reads, its options, and decks of such records."""
