"""Reasons: facts about a run that captions state, as keys of the words."""
