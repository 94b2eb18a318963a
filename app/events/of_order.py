"""What has become of an order itself, apart from all that is said about it: talk has no end, and what is told of an order must
be neither pushed aside by it nor looked for among it."""

# The index `events_of_order` says so in these very words: only then the engines use it.
ITSELF = "kind NOT LIKE 'message%' AND kind NOT LIKE 'thread%' AND kind NOT LIKE 'review%'"
