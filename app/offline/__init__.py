"""What a phone keeps of the counter, and what it sends when there is a network again."""
