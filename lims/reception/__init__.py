"""How instruments come in and go back: orders, the counter's custody and its labels."""
