"""The uncertainty of a measurement: its budget, the coverage factor, and a balance's loads."""
