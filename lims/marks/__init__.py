"""Marks: stickers in books, handed out, reserved at a result, active once it is authorised."""
