"""What a second person looks at before a result goes on."""
