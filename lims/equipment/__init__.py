"""Equipment: the centre's own standards, and whether they may be used today."""
