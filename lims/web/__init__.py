"""What every page shares: who is asking, forms, refusals, panels."""
