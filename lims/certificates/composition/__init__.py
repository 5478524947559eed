"""What certificates and reports say: gathered, worded by kind, and composed for print."""
