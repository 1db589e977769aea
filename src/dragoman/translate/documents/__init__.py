"""Text and HTML files, translated outside of the relay."""
