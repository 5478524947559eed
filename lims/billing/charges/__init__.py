"""What each piece of work is charged, and what that leaves to be paid."""
