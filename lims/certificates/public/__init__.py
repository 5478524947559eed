"""What anybody may ask of a certificate, signed in or not."""
