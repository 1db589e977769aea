"""How a sentence is written for the model, and written back afterwards."""
