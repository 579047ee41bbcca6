"""What a step shows and why: slots, sentences, equations."""
