"""What gunicorn reads by itself when it is started here."""

# A selection of fifty images, each by its whole digest, is an address of 4,100 bytes; 4,094 is
# what gunicorn takes by default, and 8,190 the most it can be told to take.
limit_request_line = 8190
