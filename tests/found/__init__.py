"""What is found of what was planted, over many seeds: `make found` writes the table that the documents show."""
