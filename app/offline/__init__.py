"""What a phone keeps of the counter, to be read and written where there is no network."""
