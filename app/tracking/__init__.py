"""Where carriers' news comes from: a module a source, which turns raw bytes into `shipments.snapshot.TrackingSnapshot`."""
