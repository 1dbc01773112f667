"""Documents: Markdown files with front matter, read into records and put into languages."""
