"""Fixed width: fields by place and length, several types of record in one file, trailers that count."""
