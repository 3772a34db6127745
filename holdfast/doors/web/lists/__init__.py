"""The list of cases, the search by number, and opening a case by hand."""
