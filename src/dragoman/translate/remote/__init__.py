"""Engines that are asked over HTTP: requests, batches, and what no answer may be."""
