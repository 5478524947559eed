"""What happens after: everything the centre does because something happened."""
