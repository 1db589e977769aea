"""What a text is before it is translated: its sentences, its case, its languages."""
