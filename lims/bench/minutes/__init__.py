"""The minutes (biên bản) of results that were authorised together."""
