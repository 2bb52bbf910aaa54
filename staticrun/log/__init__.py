"""The writer: what a training calls, down to the bytes on disk."""
