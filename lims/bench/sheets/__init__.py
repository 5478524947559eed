"""Writing work down: conditions, findings, stickers, and the batches of machines."""
