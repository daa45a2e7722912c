"""What is read out of texts for the record: days, people, reserved rights, time zones."""
