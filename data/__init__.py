"""Sample transcripts that ship with venire, with their origin (data only)."""
