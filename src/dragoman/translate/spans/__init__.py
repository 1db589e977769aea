"""Links, emphasis and quotation marks put back on the words that they stood on."""
